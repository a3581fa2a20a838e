"""Whether higher or lower is better, as the name of a result says; None where it does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sensitivity.vocabulary import tokens, words_of
from sweeps.errors import StudyError, shown

if TYPE_CHECKING:
    from sensitivity.request import Reading

TOLD: Final = "as told"
BY_NAME: Final = "by its name"

HIGHER: Final = words_of(
    "acc accs accuracy accuracies auc auroc auprc roc ap map precision recall f1 fbeta f2 r2 score scores "
    "mrr ndcg hits hit mcc kappa iou miou jaccard dice bleu rouge meteor cider psnr ssim reward rewards "
    "return returns sharpe profit specificity sensitivity tpr tnr gain likelihood correlation pearson "
    "spearman success wins win winrate exact em top1 top5 aucpr bacc rsquared agreement map50 map75 ap50 "
    "ap75 qwk nmi ari purity silhouette loglik trefferquote gini correct genauigkeit fitness elo rew "
    "treffer güte belohnung korrektheit précision exactitude rappel justesse récompense precisión exactitud "
    "sensibilidad recompensa"
)
LOWER: Final = words_of(
    "loss losses error errors err errs mse rmse mae mape smape rmsle msle nll cost costs perplexity ppl "
    "wer cer ter fid logloss crossentropy entropy regret brier ece deviance risk mistakes residual "
    "residuals divergence kl mpe bpb bpc hausdorff fehler aic bic eer fpr fnr penalty latency "
    "misclassification misclassified ce mmce bce rmspe wape mase crps lpips fvd kid "
    "fehlerrate hamming verlust verluste fehlerquote abweichung kosten strafe perte pertes erreur erreurs "
    "coût coûts pérdida pérdidas perdida coste costo"
)
_OF_TWO: Final = words_of("drop gap reduction decrease increase degradation delta diff difference change")
_LOWER_SCORES: Final = frozenset({"brier", "fid", "error", "loss", "wer", "cer"})  # "brier score"
_SAID: Final = {
    True: re.compile(r"maximi[sz]|higher[ _]is[ _]better|larger[ _]is[ _]better|[↑]", re.IGNORECASE),
    False: re.compile(r"minimi[sz]|lower[ _]is[ _]better|smaller[ _]is[ _]better|[↓]", re.IGNORECASE),
}
_TURNED: Final = re.compile(r"\s*(1(\.0)?\s*[-−]|one[ _]minus|neg(ative)?[ _]|[-−])", re.IGNORECASE)
_AT: Final = re.compile(r"(\btop[-_ ]?\d+\b|\b[PR]@\d+)", re.IGNORECASE)  # Top-1 (%), P@10
_AGGREGATES: Final = frozenset({"mean", "test", "val", "valid", "validation", "train", "avg", "split"})


def higher_is_better(name: str) -> bool | None:
    """Whether a result of this name is better where it is higher; None where the name does not say."""
    said = [better for better, pattern in _SAID.items() if pattern.search(name)]
    if said:
        return said[0] if len(said) == 1 else None
    words = tokens(name)
    turned = bool(_TURNED.match(name)) or any(
        word in {"neg", "negative"} and set(words[:place]) <= _AGGREGATES for place, word in enumerate(words)
    )
    found = _plain(words)
    if words[:3] == ["negative", "log", "likelihood"]:
        return False
    if found is None and _AT.search(name):
        return not turned
    return None if found is None else found != turned


def _plain(words: list[str]) -> bool | None:
    """The last word that says it decides: an accuracy loss is a loss."""
    text = " ".join(words)
    if _OF_TWO & set(words):
        return None  # an accuracy that drops by much is bad, an error good
    if "cross entropy" in text or "log loss" in text or _LOWER_SCORES & set(words) & LOWER:
        return False
    for word in reversed(words):
        if word in HIGHER:
            return True
        if word in LOWER:
            return False
    return None


def asked_direction(name: str, how: Reading) -> tuple[bool, str]:
    """Whether a result is maximised, and what says so: the user, or the name.

    Raises
    ------
    StudyError
        When both were told, or neither user nor name says it.
    """
    if how.maximise and how.minimise:
        raise StudyError("a result cannot be both --maximize and --minimize; leave out one of the two")
    if how.maximise or how.minimise:
        return how.maximise, TOLD
    found = higher_is_better(name)
    if found is None:
        raise StudyError(
            f"nothing says whether a higher or a lower {shown(name)} is better: add --maximize or --minimize"
        )
    return found, BY_NAME
