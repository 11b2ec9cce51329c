# SPDX-License-Identifier: Apache-2.0
"""Monte Carlo tree search plays noughts and crosses against itself.

    viztracer --tui examples/monte_carlo_tree_search.py

Each move is a few hundred rounds of select, expand, simulate, backpropagate.
The flame graph (2) says where the time goes: into simulating random games, and
there into looking for three in a row.
"""
import math
import random

ROUNDS = 150
LINES = ((0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8),
         (0, 4, 8), (2, 4, 6))


class Game:
    def __init__(self, cells=" " * 9, player="X"):
        self.cells = cells
        self.player = player

    def moves(self):
        return [i for i, cell in enumerate(self.cells) if cell == " "]

    def play(self, move):
        cells = self.cells[:move] + self.player + self.cells[move + 1:]
        return Game(cells, "O" if self.player == "X" else "X")

    def winner(self):
        for a, b, c in LINES:
            if self.cells[a] == self.cells[b] == self.cells[c] != " ":
                return self.cells[a]
        return None

    def is_over(self):
        return self.winner() is not None or " " not in self.cells


class Node:
    def __init__(self, game, parent=None, move=None):
        self.game = game
        self.parent = parent
        self.move = move
        self.children = []
        self.untried = [] if game.is_over() else game.moves()
        self.visits = 0
        self.score = 0.0

    def upper_bound(self):
        return (self.score / self.visits
                + math.sqrt(2 * math.log(self.parent.visits) / self.visits))


class TreeSearch:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def select(self, node):
        while not node.untried and node.children:
            node = max(node.children, key=Node.upper_bound)
        return node

    def expand(self, node):
        if not node.untried:
            return node
        move = node.untried.pop(self.random.randrange(len(node.untried)))
        child = Node(node.game.play(move), node, move)
        node.children.append(child)
        return child

    def simulate(self, game):
        while not game.is_over():
            game = game.play(self.random.choice(game.moves()))
        return game.winner()

    def backpropagate(self, node, winner):
        while node is not None:
            node.visits += 1
            if winner is None:
                node.score += 0.5
            elif winner != node.game.player:
                node.score += 1
            node = node.parent

    def best_move(self, game):
        root = Node(game)
        for _ in range(ROUNDS):
            node = self.expand(self.select(root))
            self.backpropagate(node, self.simulate(node.game))
        return max(root.children, key=lambda child: child.visits).move


def main():
    search = TreeSearch(seed=3)
    game = Game()
    moves = 0
    while not game.is_over():
        game = game.play(search.best_move(game))
        moves += 1
    print("%s after %d moves and %d simulated games: %s"
          % ("a draw" if game.winner() is None else game.winner() + " wins",
             moves, moves * ROUNDS, game.cells.replace(" ", ".")))


if __name__ == "__main__":
    main()
