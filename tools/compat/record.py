"""Runs the losses of other libraries on small inputs and writes what they return to packages/surprisal/test/golden/compat.json.

    python record.py        needs keras, torch, jax, optax, scikit-learn

packages/surprisal/test/loss/compat.test.ts translates each call into ours by the `compat` of the definition and compares. An array of
results is per sample; a number is the mean that the library takes by default.
"""
import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"
import importlib.metadata

import jax
import keras
import numpy as np
import optax
import sklearn._loss.loss as raw
import sklearn.linear_model._stochastic_gradient as sgd
import sklearn.metrics
import torch

jax.config.update("jax_enable_x64", True)

real = dict(yTrue=[0.5, -1.25, 3, 2, 0], yPred=[0.75, -1, -2, 2.5, 4.5])
positive = dict(yTrue=[1, 3, 2, 0.5, 6], yPred=[0.75, 4, 1.5, 2.5, 4.5])
counts = dict(yTrue=[1, 3, 2, 0, 6], yPred=[0.75, 4, 1.5, 2.5, 4.5])
log_counts = dict(yTrue=[1, 3, 2, 0, 6], yPred=[0.25, -1, 1.5, 0.5, 2])
signs = dict(yTrue=[1, -1, 1, 1, -1], yPred=[0.25, 0.5, 2, -3, -1.5])
bits = dict(yTrue=[1, 0, 1, 1, 0], yPred=[0.25, 0.5, 2, -3, -1.5])
chances = dict(yTrue=[1, 0, 1, 1, 0], yPred=[0.25, 0.5, 0.875, 0.0625, 0.75])
weights = [0.5, 2, 1, 0.25, 3]
scores = [[0.5, -1, 2], [1.5, 0.25, -0.5], [-2, 1, 0.75], [3, -1, 0.5]]
shares = [[0.25, 0.25, 0.5], [0.5, 0.125, 0.375], [0.0625, 0.75, 0.1875], [0.625, 0.25, 0.125]]
labels = [2, 0, 0, 1]
one_hot = [[0, 0, 1], [1, 0, 0], [1, 0, 0], [0, 1, 0]]
soft = [[0.25, 0.25, 0.5], [0.75, 0.125, 0.125], [0.5, 0.25, 0.25], [0.125, 0.5, 0.375]]
with_logits = lambda y: dict(yTrue=y, yPred=scores)
with_shares = lambda y: dict(yTrue=y, yPred=shares)
with_logs = lambda y: dict(yTrue=y, yPred=np.log(shares).tolist())
class_weights = [0.5, 2, 3]

cases = []


def record(loss, name, data, arguments, result):
    cases.append({"loss": loss, "name": name, **data, "arguments": arguments, "result": np.asarray(result, float).tolist()})


def of_keras(loss, cls, data, sampleWeight=None, **arguments):
    keras.config.set_floatx("float32")
    y, x = (np.asarray(data[k], "float32") for k in ("yTrue", "yPred"))
    y = y.astype("int32") if loss in ("circle", "ctc") else y
    if x.ndim == 1:  # a list of n numbers is one sample of n outputs there
        y, x = y[:, None], x[:, None]
    value = getattr(keras.losses, cls)(**arguments)(y, x, sample_weight=None if sampleWeight is None else np.asarray(sampleWeight, "float32"))
    given = arguments if sampleWeight is None else {**arguments, "sample_weight": sampleWeight}
    record(loss, f"keras.losses.{cls}", data, given, value.detach().numpy())


def of_torch(loss, cls, data, index=False, **arguments):
    to = lambda a: torch.tensor(a, dtype=torch.float64) if isinstance(a, list) else a
    y = torch.tensor(data["yTrue"], dtype=torch.int64 if index else torch.float64)
    x = torch.tensor(data["yPred"], dtype=torch.float64)
    value = getattr(torch.nn, cls)(**{k: to(v) for k, v in arguments.items()})(x, y)
    record(loss, f"torch.nn.{cls}", data, arguments, value.numpy())


def of_optax(loss, function, data, index=False, **arguments):
    y, x = np.asarray(data["yTrue"], int if index else float), np.asarray(data["yPred"], float)
    given = {k: np.asarray(v) if isinstance(v, list) else v for k, v in arguments.items()}
    record(loss, f"optax.losses.{function}", data, arguments, getattr(optax.losses, function)(x, y, **given))


def of_metrics(loss, function, data, **arguments):
    value = getattr(sklearn.metrics, function)(np.asarray(data["yTrue"]), np.asarray(data["yPred"]), **arguments)
    record(loss, f"sklearn.metrics.{function}", data, arguments, value)


def of_sgd(loss, estimator, name, data, **arguments):
    cls, *defaults = getattr(sgd, f"Base{estimator}").loss_functions[name]
    one = cls(*(arguments.values() or defaults))
    y, x = (np.asarray(data[k], float) for k in ("yTrue", "yPred"))
    if hasattr(one, "py_loss"):
        result = [one.py_loss(p, t) for t, p in zip(y, x)]
    else:
        result = np.zeros(len(y))
        one.loss(y_true=(y + 1) / 2 if name == "log_loss" else y, raw_prediction=x, sample_weight=None, loss_out=result, n_threads=1)
    if loss == "huber":
        arguments = {"epsilon": 0.1, **arguments}
    record(loss, f'sklearn.linear_model.{estimator}(loss="{name}")', data, arguments, result)


def of_boosting(loss, estimator, name, cls, data, arguments={}, **parameters):
    y, x = (np.asarray(data[k], float) for k in ("yTrue", "yPred"))
    result = getattr(raw, cls)(**parameters).loss(y, x)
    record(loss, f'sklearn.ensemble.{estimator}(loss="{name}")', data, arguments, result)


# classification
of_keras("binaryCrossentropy", "BinaryCrossentropy", chances)
of_keras("binaryCrossentropy", "BinaryCrossentropy", bits, sampleWeight=weights, from_logits=True, label_smoothing=0.25)
of_torch("binaryCrossentropy", "BCELoss", chances)
of_torch("binaryCrossentropy", "BCELoss", chances, weight=weights)
of_torch("binaryCrossentropy", "BCEWithLogitsLoss", bits)
of_torch("binaryCrossentropy", "BCEWithLogitsLoss", dict(yTrue=one_hot, yPred=scores), pos_weight=class_weights)
of_torch("binaryCrossentropy", "BCEWithLogitsLoss", bits, weight=weights)
of_optax("binaryCrossentropy", "sigmoid_binary_cross_entropy", bits)
of_metrics("binaryCrossentropy", "log_loss", chances)
of_metrics("binaryCrossentropy", "log_loss", chances, sample_weight=weights)
of_keras("binaryFocalCrossentropy", "BinaryFocalCrossentropy", chances)
of_keras("binaryFocalCrossentropy", "BinaryFocalCrossentropy", bits, from_logits=True, label_smoothing=0.25, gamma=1.5, alpha=0.75, apply_class_balancing=True)
of_optax("binaryFocalCrossentropy", "sigmoid_focal_loss", bits, alpha=0.75)
of_optax("binaryFocalCrossentropy", "sigmoid_focal_loss", bits, alpha=0.25, gamma=1.5)
of_optax("binarySparsemaxLoss", "sparsemax_loss", bits, index=True)
of_metrics("brier", "brier_score_loss", dict(yTrue=labels, yPred=shares))
of_metrics("brier", "brier_score_loss", dict(yTrue=labels, yPred=shares), sample_weight=weights[:4])
of_keras("categoricalCrossentropy", "CategoricalCrossentropy", with_shares(one_hot))
of_keras("categoricalCrossentropy", "CategoricalCrossentropy", with_logits(soft), sampleWeight=weights[:4], from_logits=True, label_smoothing=0.25)
of_torch("categoricalCrossentropy", "CrossEntropyLoss", with_logits(soft))
of_torch("categoricalCrossentropy", "CrossEntropyLoss", with_logits(soft), weight=class_weights, label_smoothing=0.25)
of_optax("categoricalCrossentropy", "softmax_cross_entropy", with_logits(soft))
of_optax("categoricalCrossentropy", "softmax_cross_entropy", with_logits(one_hot), where=[[True, False, True], [True, True, True], [True, True, False], [False, True, True]])
of_optax("categoricalCrossentropy", "safe_softmax_cross_entropy", with_logits(soft))
of_metrics("categoricalCrossentropy", "log_loss", dict(yTrue=labels, yPred=shares))
of_metrics("categoricalCrossentropy", "log_loss", dict(yTrue=labels, yPred=shares), sample_weight=weights[:4])
of_keras("sparseCategoricalCrossentropy", "SparseCategoricalCrossentropy", with_shares(labels))
of_keras("sparseCategoricalCrossentropy", "SparseCategoricalCrossentropy", with_logits(labels), from_logits=True, ignore_class=1)
of_torch("sparseCategoricalCrossentropy", "CrossEntropyLoss", with_logits([2, -100, 0, 1]), index=True)
of_torch("sparseCategoricalCrossentropy", "CrossEntropyLoss", with_logits(labels), index=True, weight=class_weights, label_smoothing=0.25, ignore_index=1)
of_torch("sparseCategoricalCrossentropy", "NLLLoss", with_logs([2, -100, 0, 1]), index=True)
of_torch("sparseCategoricalCrossentropy", "NLLLoss", with_logs(labels), index=True, weight=class_weights, ignore_index=0)
of_optax("sparseCategoricalCrossentropy", "softmax_cross_entropy_with_integer_labels", with_logits(labels), index=True)
of_metrics("sparseCategoricalCrossentropy", "log_loss", dict(yTrue=labels, yPred=shares))
of_metrics("sparseCategoricalCrossentropy", "log_loss", dict(yTrue=labels, yPred=shares), sample_weight=weights[:4])
of_keras("categoricalFocalCrossentropy", "CategoricalFocalCrossentropy", with_shares(one_hot))
of_keras("categoricalFocalCrossentropy", "CategoricalFocalCrossentropy", with_logits(one_hot), from_logits=True, label_smoothing=0.25, gamma=1.5, alpha=0.75)
of_keras("categoricalFocalCrossentropy", "CategoricalFocalCrossentropy", with_shares(one_hot), alpha=[0.25, 0.5, 0.75])
of_keras("categoricalGeneralizedCrossentropy", "CategoricalGeneralizedCrossEntropy", with_shares(labels))
of_keras("categoricalGeneralizedCrossentropy", "CategoricalGeneralizedCrossEntropy", with_shares(labels), q=0.75)
of_optax("polyCrossentropy", "poly_loss_cross_entropy", with_logits(soft))
of_optax("polyCrossentropy", "poly_loss_cross_entropy", with_logits(soft), epsilon=-0.5)

# divergence
of_keras("klDivergence", "KLDivergence", with_shares(soft))
of_torch("klDivergence", "KLDivLoss", with_logs(soft))
of_torch("klDivergence", "KLDivLoss", with_logs(np.log(soft).tolist()), log_target=True)
of_optax("klDivergence", "kl_divergence", with_logs(soft))
of_optax("klDivergence", "kl_divergence_with_log_targets", with_logs(np.log(soft).tolist()))

# margin
of_keras("hinge", "Hinge", signs)
of_keras("hinge", "Hinge", bits)
of_optax("hinge", "hinge_loss", signs)
of_metrics("hinge", "hinge_loss", signs)
of_metrics("hinge", "hinge_loss", signs, sample_weight=weights)
of_sgd("hinge", "SGDClassifier", "hinge", signs)
of_keras("squaredHinge", "SquaredHinge", signs)
of_sgd("squaredHinge", "SGDClassifier", "squared_hinge", signs)
of_keras("categoricalHinge", "CategoricalHinge", with_logits(one_hot))
of_optax("categoricalHinge", "multiclass_hinge_loss", with_logits(labels), index=True)
of_optax("perceptron", "perceptron_loss", signs)
of_sgd("perceptron", "SGDClassifier", "perceptron", signs)
of_optax("multiclassPerceptron", "multiclass_perceptron_loss", with_logits(labels), index=True)
of_torch("softMargin", "SoftMarginLoss", signs)
of_sgd("softMargin", "SGDClassifier", "log_loss", signs)
of_sgd("modifiedHuber", "SGDClassifier", "modified_huber", signs)
of_boosting("exponentialLoss", "GradientBoostingClassifier", "exponential", "ExponentialLoss", bits)
of_torch("hingeEmbedding", "HingeEmbeddingLoss", signs)
of_torch("hingeEmbedding", "HingeEmbeddingLoss", signs, margin=2.5)
of_torch("multiMargin", "MultiMarginLoss", with_logits(labels), index=True)
of_torch("multiMargin", "MultiMarginLoss", with_logits(labels), index=True, p=2, margin=1.5, weight=class_weights)
of_torch("multiLabelSoftMargin", "MultiLabelSoftMarginLoss", with_logits(one_hot))
of_torch("multiLabelSoftMargin", "MultiLabelSoftMarginLoss", with_logits(one_hot), weight=class_weights)

# regression
for ours, cls, function in [
    ("meanSquaredError", "MeanSquaredError", "mean_squared_error"),
    ("meanAbsoluteError", "MeanAbsoluteError", "mean_absolute_error"),
    ("meanAbsolutePercentageError", "MeanAbsolutePercentageError", "mean_absolute_percentage_error"),
    ("meanSquaredLogarithmicError", "MeanSquaredLogarithmicError", "mean_squared_log_error"),
]:
    data = positive if "Percentage" in ours or "Logarithmic" in ours else real
    of_keras(ours, cls, data)
    of_keras(ours, cls, data, sampleWeight=weights)
    of_metrics(ours, function, data)
    of_metrics(ours, function, data, sample_weight=weights)
of_torch("meanSquaredError", "MSELoss", real)
of_optax("meanSquaredError", "squared_error", real)
of_torch("meanAbsoluteError", "L1Loss", real)
of_boosting("meanAbsoluteError", "HistGradientBoostingRegressor", "absolute_error", "AbsoluteError", real)
of_metrics("rootMeanSquaredError", "root_mean_squared_error", real)
of_optax("halfSquaredError", "l2_loss", real)
of_sgd("halfSquaredError", "SGDRegressor", "squared_error", real)
of_boosting("halfSquaredError", "HistGradientBoostingRegressor", "squared_error", "HalfSquaredError", real)
of_keras("huber", "Huber", real)
of_keras("huber", "Huber", real, delta=0.5)
of_torch("huber", "HuberLoss", real)
of_torch("huber", "HuberLoss", real, delta=0.5)
of_optax("huber", "huber_loss", real)
of_optax("huber", "huber_loss", real, delta=0.5)
of_sgd("huber", "SGDRegressor", "huber", real)
of_sgd("huber", "SGDRegressor", "huber", real, epsilon=0.5)
of_torch("smoothL1", "SmoothL1Loss", real)
of_torch("smoothL1", "SmoothL1Loss", real, beta=0.5)
of_keras("logCosh", "LogCosh", real)
of_optax("logCosh", "log_cosh", real)
of_metrics("quantile", "mean_pinball_loss", real)
of_metrics("quantile", "mean_pinball_loss", real, alpha=0.75, sample_weight=weights)
of_boosting("quantile", "HistGradientBoostingRegressor", "quantile", "PinballLoss", real, {"quantile": 0.75}, quantile=0.75)
of_sgd("epsilonInsensitive", "SGDRegressor", "epsilon_insensitive", real)
of_sgd("epsilonInsensitive", "SGDRegressor", "epsilon_insensitive", real, epsilon=0.5)
of_sgd("squaredEpsilonInsensitive", "SGDRegressor", "squared_epsilon_insensitive", real)
of_sgd("squaredEpsilonInsensitive", "SGDRegressor", "squared_epsilon_insensitive", real, epsilon=0.5)
of_keras("poisson", "Poisson", counts)
of_torch("poisson", "PoissonNLLLoss", log_counts)
of_torch("poisson", "PoissonNLLLoss", counts, log_input=False)
of_torch("poisson", "PoissonNLLLoss", dict(yTrue=[0, 1, 1], yPred=[0.25, -1, 1.5]), full=True)
of_boosting("poisson", "HistGradientBoostingRegressor", "poisson", "HalfPoissonLoss", log_counts)
of_boosting("tweedie", "HistGradientBoostingRegressor", "gamma", "HalfGammaLoss", dict(positive, yPred=log_counts["yPred"]))
of_metrics("tweedieDeviance", "mean_tweedie_deviance", positive)
of_metrics("tweedieDeviance", "mean_tweedie_deviance", positive, power=1.5, sample_weight=weights)
of_metrics("tweedieDeviance", "mean_poisson_deviance", counts)
of_metrics("tweedieDeviance", "mean_gamma_deviance", positive)

# directions, densities, lists
directions = dict(yTrue=[[1.0, 2, -1], [0.5, 0, 3]], yPred=[[0.5, 1, 1], [1, -2, 0.25]])
of_keras("cosineSimilarity", "CosineSimilarity", directions)
of_optax("cosineSimilarity", "cosine_similarity", directions)
of_optax("cosineDistance", "cosine_distance", directions)
density = dict(yTrue=[0.5, -1.25, 3], yPred=dict(mean=[0.75, -1, -2], variance=[0.5, 2, 1.5]))
for full in (False, True):
    t = lambda a: torch.tensor(a, dtype=torch.float64)
    y, x = density["yTrue"], density["yPred"]
    result = torch.nn.GaussianNLLLoss(full=full)(t(x["mean"]), t(y), t(x["variance"]))
    record("gaussianNll", "torch.nn.GaussianNLLLoss", density, {"full": full}, result)
of_optax("generalizedKlDivergence", "generalized_kl_divergence", with_logs(soft))
of_torch("multiLabelMargin", "MultiLabelMarginLoss", with_logits([[2, -1, 0], [0, 1, -1], [1, -1, -1], [2, 0, -1]]), index=True)
of_optax("sparsemaxLoss", "multiclass_sparsemax_loss", with_logits(labels), index=True)
record("listNet", "optax.losses.ranking_softmax_loss", with_logits(soft), {}, optax.losses.ranking_softmax_loss(np.asarray(scores), np.asarray(soft), reduce_fn=None))
seen = [[True, False, True], [True, True, True], [True, True, False], [False, True, True]]
record("listNet", "optax.losses.ranking_softmax_loss", with_logits(soft), {"where": seen}, optax.losses.ranking_softmax_loss(np.asarray(scores), np.asarray(soft), where=np.asarray(seen), reduce_fn=None))
of_torch("poissonNll", "PoissonNLLLoss", log_counts)
of_torch("poissonNll", "PoissonNLLLoss", dict(yTrue=[0, 1, 1], yPred=[0.25, -1, 1.5]), full=True)

# embeddings, masks, sequences
t64 = lambda a: torch.tensor(a, dtype=torch.float64)
points = [[0.6, 0.8], [1.0, 0.0], [0.0, -1.0], [-0.8, 0.6], [0.28, 0.96]]
embedded = dict(yTrue=[0, 1, 0, 1, 1], yPred=points)
of_keras("circle", "Circle", embedded)
of_keras("circle", "Circle", embedded, gamma=4.0, margin=0.25)
record("ntXent", "optax.losses.ntxent", embedded, {"temperature": 0.07}, optax.losses.ntxent(np.asarray(points), np.asarray(embedded["yTrue"])))
record("ntXent", "optax.losses.ntxent", embedded, {"temperature": 0.5}, optax.losses.ntxent(np.asarray(points), np.asarray(embedded["yTrue"]), temperature=0.5))
pair = dict(first=[[1.0, 2], [0.5, -1], [0, 1]], second=[[0.5, 1], [1, 1], [1, 0.25]])
for margin in (0.0, 0.25):
    record("cosineEmbedding", "torch.nn.CosineEmbeddingLoss", dict(yTrue=[1, -1, -1], yPred=pair), {"margin": margin}, torch.nn.CosineEmbeddingLoss(margin)(t64(pair["first"]), t64(pair["second"]), t64([1, -1, -1])))
    ranked = dict(first=[0.5, 1, -2], second=[1.0, 0.25, 3])
    record("marginRanking", "torch.nn.MarginRankingLoss", dict(yTrue=[1, -1, -1], yPred=ranked), {"margin": margin}, torch.nn.MarginRankingLoss(margin)(t64(ranked["first"]), t64(ranked["second"]), t64([1, -1, -1])))
three = dict(anchor=[[0.0, 1], [1, 2]], positive=[[0.5, 1], [3, 1]], negative=[[1.0, 1], [1, 1.5]])
triples = [t64(three[k]) for k in ("anchor", "positive", "negative")]
for given in ({}, {"margin": 2.5, "p": 3, "eps": 0.25, "swap": True}):
    record("triplet", "torch.nn.TripletMarginLoss", dict(yPred=three), given, torch.nn.TripletMarginLoss(**given)(*triples))
for margin in (1.0, 2.5):
    record("triplet", "optax.losses.triplet_margin_loss", dict(yPred=three), {"margin": margin, "norm_degree": 2}, optax.losses.triplet_margin_loss(*(np.asarray(three[k]) for k in ("anchor", "positive", "negative")), margin=margin, eps=0.0))
masks = dict(yTrue=[[[1, 0], [0, 1], [1, 0]], [[0, 1], [0, 1], [1, 0]]], yPred=[[[0.75, 0.25], [0.5, 0.5], [0.125, 0.875]], [[0.25, 0.75], [0.0, 1.0], [0.5, 0.5]]])
mask_logits = dict(masks, yPred=[[[1.5, 0.25], [-0.5, 0.5], [2.125, 0.875]], [[0.25, -0.75], [0.0, 1.0], [0.5, 0.5]]])
of_keras("dice", "Dice", masks)
of_keras("tversky", "Tversky", masks)
of_keras("tversky", "Tversky", masks, alpha=0.25, beta=0.75)
for given in ({}, {"alpha": 0.25, "beta": 0.75, "smooth": 0.5}):
    record("tversky", "optax.losses.dice_loss", mask_logits, given, optax.losses.dice_loss(np.asarray(mask_logits["yPred"]), np.asarray(mask_logits["yTrue"], float), **given))
steps = np.random.default_rng(7).normal(size=(2, 5, 4)).round(3)
lengths = dict(inputLength=[5, 4], targetLength=[3, 2])
spelled = [[1, 2, 2], [3, 1, 0]]
for given in ({}, {"blank": 3, "zero_infinity": True}):
    own = [[1, 2, 2], [0, 1, 0]] if given else spelled
    logs = torch.log_softmax(t64(steps.tolist()), -1)
    result = torch.nn.CTCLoss(reduction="none", **given)(logs.transpose(0, 1), torch.tensor(own), torch.tensor([5, 4]), torch.tensor([3, 2]))
    record("ctc", "torch.nn.CTCLoss", dict(yTrue=own, yPred=logs.tolist()), {**given, "input_lengths": [5, 4], "target_lengths": [3, 2]}, result)
pad = lambda lengths, most: np.asarray([[float(j >= n) for j in range(most)] for n in lengths])
for blank in (0, 3):
    own = [[1, 2, 2], [0, 1, 0]] if blank else spelled
    result = optax.losses.ctc_loss(steps, pad([5, 4], 5), np.asarray(own), pad([3, 2], 3), blank_id=blank)
    record("ctc", "optax.losses.ctc_loss", dict(yTrue=own, yPred=steps.tolist(), inputs=lengths), {"blank_id": blank}, result)
of_keras("ctc", "CTC", dict(yTrue=spelled, yPred=steps.tolist()))
hidden = dict(hidden=[[0.5, -1], [2, 0.25], [1, 1]], weight=[[1.0, 0], [0.5, -0.5], [-1, 2], [0.25, 0.75]])
for given in ({}, {"ignore_index": 1, "label_smoothing": 0.25}):
    result = torch.nn.functional.linear_cross_entropy(t64(hidden["hidden"]), t64(hidden["weight"]), torch.tensor([2, 1, 3]), **given)
    record("linearCrossentropy", "torch.nn.functional.linear_cross_entropy", dict(yTrue=[2, 1, 3], yPred=hidden), given, result)

versions = {name: importlib.metadata.version(name) for name in ("keras", "torch", "jax", "optax", "scikit-learn")}
path = pathlib.Path(__file__).parents[2] / "packages/surprisal/test/golden/compat.json"
body = ",\n    ".join(json.dumps(case) for case in cases)
path.write_text(f'{{\n  "versions": {json.dumps(versions)},\n  "calls": [\n    {body}\n  ]\n}}\n')
print(len(cases), "calls")
