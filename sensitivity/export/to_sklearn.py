"""A configuration as scikit-learn's perceptron: what its template is filled with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sensitivity.export.refusals import refuse

if TYPE_CHECKING:
    from sensitivity.export.taken import Taken

Context = dict[str, Any]

_SKLEARN: Final = {"identity": "identity", "relu": "relu", "tanh": "tanh", "sigmoid": "logistic"}


def to_sklearn(taken: Taken, context: Context) -> Context:
    """MLPClassifier or MLPRegressor, where its solver can express the configuration."""
    c, classification = taken.complete(), context["classification"]
    name, outputs = c["optimizer"], context["sizes"][-1]
    adam = name in {"adam", "adamw"}
    lacks = [
        *([f"optimizer {name}"] if name not in {"sgd", "momentum", "nesterov", "adam", "adamw"} else []),
        *([f"schedule {c['schedule']}"] if c["schedule"] != "constant" else []),
        *(["warm-up"] if c["warmup"] else []),
        *(["batch normalisation"] if c["batch_norm"] else []),
        *([f"activation {c['activation']}"] if c["activation"] not in _SKLEARN else []),
        *(["decoupled weight decay"] if c["weight_decay"] and name != "sgd" else []),
        *(["AMSGrad"] if c["amsgrad"] and adam else []),
        *(["Adam without bias correction"] if not c["adam_bias_correction"] and adam else []),
    ]
    if lacks:
        raise refuse("sklearn", f"scikit-learn's perceptron has no {' and no '.join(lacks)}")
    # Its squared error is halved and summed over outputs: the gradient is O/2 times ours.
    times = 1.0 if classification else outputs / 2
    penalty = c["l2"] + (c["weight_decay"] if name == "sgd" else 0.0)
    rate = c["learning_rate"] if adam else c["learning_rate"] / times
    arguments = [f'solver="{"adam" if adam else "sgd"}"', f"learning_rate_init={rate!r}"]
    if adam:
        arguments += [f"beta_1={c['beta']!r}", f"beta_2={c['beta2']!r}", f"epsilon={c['epsilon']!r}"]
    else:
        arguments += [
            f"momentum={c['beta'] if name != 'sgd' else 0.0!r}",
            f"nesterovs_momentum={name == 'nesterov'}",
        ]
    arguments.append(f"alpha={penalty * c['batch_size'] * times!r}")
    remarks = []
    if adam:
        remarks.append(
            "scikit-learn adds Adam's ε before the bias correction: the last digits differ from the sweep's."
        )
    if penalty:
        remarks.append(
            "scikit-learn divides the penalty by the size of the batch: a smaller last batch has more of it."
        )
    if context["precision"] == "float32":
        remarks.append("The sweep computed in single precision, this in double.")
    binary = classification and outputs == 2
    if binary:
        remarks.append(
            "For two classes scikit-learn has one output, not two: it starts from weights of its own."
        )
    if not classification and times != 1.0:
        remarks.append("Its squared error is halved: the rate makes up for it.")
    return {
        "kind": "MLPClassifier" if classification else "MLPRegressor",
        "hidden": repr(tuple(taken.hidden())),
        "activation": _SKLEARN[c["activation"]],
        "arguments": arguments,
        "remarks": remarks,
        "binary": binary,
    }
