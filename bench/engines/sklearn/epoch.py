"""An epoch of scikit-learn's MLPClassifier, which shuffles by itself and begins with weights of its own."""

import warnings

import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore", category=ConvergenceWarning)


def version():
    return sklearn.__version__


def perform(problem, on_unit):
    arrays, adam = problem["arrays"], problem["adam"]
    while True:
        net = MLPClassifier(
            hidden_layer_sizes=tuple(problem["layers"][1:-1]),
            batch_size=problem["batch"],
            learning_rate_init=adam["learningRate"],
            epsilon=adam["epsilon"],
            alpha=0.0,
            max_iter=1,
            random_state=0,
        )
        net.fit(arrays["x"], arrays["y"])
        if not on_unit([net.loss_]):
            return
