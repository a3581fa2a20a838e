"""What the name of a column says about it: evidence, beside that of its values.

Names are compared word by word: ``trainLoss``, ``train_loss`` and ``Train loss`` are the same.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import Final


def words_of(text: str, mark: str | None = None) -> frozenset[str]:
    """Set of the words of a text, between blanks or marks."""
    return frozenset(text.split(mark))


# What tools put before the names of settings.
PREFIXES: Final = (
    *("params_", "param_", "params.", "params/", "Param ", "Params ", "parameters.", "parameters/"),
    *("config/", "config.", "config_", "hp/", "hp.", "hparams/", "hparams.", "hyperparameters/"),
    *("hyperparameters.", "hyperparameter/", "hyperparameter.", "hparam/", "hyper/", "args/", "args."),
)
# What they put before everything else.
OTHERS: Final = (
    *("metrics.", "metrics/", "metric/", "metric.", "tags.", "user_attrs_", "system_attrs_"),
    *("UserAttribute ", "SystemAttribute ", "values_", "split0_", "mean_test_", "summary/", "summary."),
)
SEEDS: Final = (
    *("replicate", "seed", "random_state", "random_seed", "repeat", "repetition", "fold", "run", "rep"),
    *("rng_seed", "cv_fold", "split", "trial_seed", "seeds", "replica", "global_seed", "torch_seed"),
)
_TRIES: Final = words_of("seed fold replicate replica repeat repetition")
_OF_TRIES: Final = words_of(
    "outer inner cv test val train data init model random global torch numpy np rng weight weights shuffle "
    "split trial run"
)
_SEED_WORDS: Final = frozenset(" ".join(name.split("_")) for name in SEEDS)
BUDGETS: Final = words_of(
    "budget,fidelity,resource,epochs,n epochs,num epochs,max epochs,nepochs,total epochs,rung", ","
)
STEPS: Final = words_of(
    "epoch,training iteration,training iterations,iteration,iterations,iter,step,steps,global step,"
    "current epoch,train step,training step,round",
    ",",
)
_RATES: Final = frozenset({"lr", "lrate", "learningrate", "lernrate", "stepsize", "eta", "eta0", "lr0"})
_NO_RATE: Final = words_of(
    "decay schedule scheduler gamma warmup ratio factor mult multiplier drop patience step steps policy "
    "min end final type mode power cycle reduce lambda restart"
)
_LOGARITHMIC: Final = words_of("rate lr decay wd c gamma alpha lambda eps epsilon l1 l2 reg penalty")
RATES: Final = ("learning_rate", "lr", "step_size", "eta")  # by what names a learning rate is looked for
BETAS: Final = ("momentum", "beta", "beta1", "beta_1", "adam_beta1")  # and the β of a momentum
_BETAS: Final = ("momentum", "mom", "beta1", "β1", "b1", "beta", "β")
# What may stand beside it. Of batch norm, of a target network or of a loss it is another thing.
_OF_AN_OPTIMIZER: Final = words_of(
    "optimizer optimiser optim opt solver optimierer sgd nesterov adam adamw adamax nadam radam lamb lion "
    "rmsprop polyak heavyball model train training value coefficient coef factor param params kwargs "
    "args config"
)
_BATCH_SIZES: Final = frozenset({"batch", "batchsize", "bs", "minibatch", "minibatchsize", "batchgrösse"})
_OF_A_STEP: Final = words_of("per device train training global total")
_BRANCHES: Final = ("optimizer", "optimiser", "optim", "opt", "solver", "optimierer", "algorithm", "algo")
_SPLIT_NAMES: Final = words_of("train training val valid validation test testing eval evaluation dev holdout")
_NO_RESULT: Final = words_of(
    "size split fraction frac ratio batch batchsize steps folds seed bs percentage samples weight weights "
    "coef coefficient threshold fn func function name type scale alpha every interval aug mode time sec s "
    "set data dataset target smoothing"
)
RESULTS: Final = words_of(
    "acc accuracy auc auroc auprc roc f1 fbeta precision recall loss error err mse rmse mae mape smape r2 "
    "score perplexity ppl bleu rouge meteor wer cer iou miou dice jaccard mrr ndcg hits kappa mcc logloss "
    "nll elbo reward psnr ssim fid specificity sensitivity brier ece regret tpr fpr fnr tnr likelihood "
    "rmsle msle aucpr top1 top5 map crossentropy deviance rsquared bacc agreement map50 "
    "map75 rmspe qwk crps lpips loglik"
)
_CLOCKS: Final = words_of(
    "time timestamp date datetime duration elapsed runtime walltime seconds secs sec started finished "
    "created updated minutes hours latency ms eta_s wallclock clock"
)
_NO_CLOCK: Final = words_of(
    "steps step window constant embedding embed limit dim masking mask delay warp stretch decay scale "
    "encoding horizon lag shift warmup limit budget"
)
_RESOURCES: Final = words_of(
    "vram memory mem ram rss flops macs gflops throughput fps utilization util energy watts kwh"
)
_AMOUNTS: Final = words_of("mb gb kb mib gib params parameters bytes")
_PER: Final = frozenset(
    ("per", unit) for unit in ("second", "sec", "s", "minute", "min", "hour", "h", "step")
)
_ENDED: Final = words_of("best stopped last final actual reached")  # best_epoch, stopped_epoch
_MET: Final = words_of("used actual observed counted measured")  # what a setting led to
IDENTITIES: Final = words_of(
    ",index,id,uid,uuid,guid,trial,trial id,trial number,number,run,run id,run name,name,config id,"
    "configuration id,config,params,experiment,experiment id,experiment name,experiment tag,exp,exp id,"
    "exp name,job,job id,pid,process id,host,hostname,node,node ip,ip,user,username,tags,tag,notes,note,"
    "comment,comments,description,path,logdir,log dir,dir,directory,checkpoint,checkpoint path,url,commit,"
    "git commit,status,state,done,sweep,sweep id,source name,source type,source,version,row,no,nr,error,"
    "message,exception,traceback,additional,is bad,worker,worker id,machine,entity,project,group,job type,"
    "study,study id,study name,artifact uri,lifecycle stage,start,end,timesteps total,episodes total,"
    "iterations since restore,timesteps since restore,time since restore,num healthy workers,"
    "should checkpoint,created,author,datetime,finished,success,outcome,failed,crashed,config hash,"
    "early stopped,stopped,converged,diverged,timed out,timeout,is nan",
    ",",
)
_IDENTITY_ENDS: Final = words_of("nr id uuid hash path url uri logdir dir hostname pid")
SETTINGS: Final = words_of(
    "lr lrate learningrate lernrate eta alpha beta beta1 beta2 gamma momentum wd decay l1 l2 dropout batch "
    "batchsize bs hidden units neurons layers layer depth width kernel filters channels heads embed "
    "embedding dim dims size optimizer optimiser optim solver activation scheduler schedule warmup "
    "temperature clip clipping degree estimators leaves leaf subsample colsample reg regularization lambda "
    "penalty criterion epsilon eps tau margin rank init initialization augmentation model backbone arch "
    "architecture stride padding pooling nesterov bias bidirectional window sigma smoothing noise "
    "neighbors features splits bins boosting booster objective tokenizer normalization norm batchnorm "
    "patience accumulation negatives algorithm algo blocks rate c optimierer batchgrösse"
)


def tokens(name: str) -> list[str]:
    """Words of a name in small letters; figures that stand alone are left out."""
    parted = re.sub(r"(?<=[a-zß-ÿ0-9])(?=[A-ZÄÖÜ][a-zß-ÿ])|(?<=[a-z]{2})(?=[A-Z]{2})", " ", name)
    words = re.findall(r"[^\W_]+", parted.casefold())
    return [word for word in words if not word.isdigit()] or words


def bare(name: str) -> str:
    """Name without what a tool puts before the names of settings."""
    return next((name[len(prefix) :] for prefix in PREFIXES if is_prefixed(name, prefix)), name)


def is_of_a_tuner(name: str) -> bool:
    """Whether keras-tuner put it among the settings to know its own rounds by: ``tuner/epochs``."""
    return bare(name).startswith("tuner/")


def is_prefixed(name: str, prefix: str) -> bool:
    """Whether a name is that of a setting with this before it; ``param_count`` counts parameters."""
    rest = name.removeprefix(prefix)
    counts = {"count", "counts", "m", "total", "number", "id", "hash", "name", "file", "path"}
    return name.startswith(prefix) and bool(rest) and rest.casefold() not in counts


def is_seed(name: str) -> bool:
    """Whether it says which try of a configuration a row is: a seed, an outer fold, Weka's ``Key_Run``."""
    words = tokens(name)
    words = words[1:] if words[:1] == ["key"] else words
    return " ".join(words) in _SEED_WORDS or (
        bool(words) and words[-1] in _TRIES and set(words[:-1]) <= _OF_TRIES
    )


def is_budget(name: str) -> bool:
    """Whether it says how much a training was given."""
    return " ".join(tokens(bare(name).removeprefix("tuner/"))) in BUDGETS


def is_step(name: str) -> bool:
    """Whether it says how far a training has come."""
    return " ".join(tokens(name)) in STEPS


def is_rate(name: str) -> bool:
    """Whether it is a learning rate by name, and no schedule of it."""
    words = tokens(bare(name))
    pairs = {"".join(pair) for pair in itertools.pairwise(words)}
    return bool((_RATES & set(words)) | (_RATES & pairs)) and not _NO_RATE & set(words)


def is_often_logarithmic(name: str) -> bool:
    """Whether such a setting is usually searched on a logarithmic scale: a rate, a penalty."""
    words = set(tokens(bare(name)))
    return bool(_LOGARITHMIC & words) and not {"drop", "dropout", "momentum"} & words


def is_batch_size(name: str) -> bool:
    """Whether it is the number of examples of a training step by name."""
    words = "".join(word for word in tokens(bare(name)) if word not in _OF_A_STEP)
    return words in _BATCH_SIZES


def beta_place(name: str) -> int:
    """Place among the names of an optimizer's momentum β (``momentum``, ``adam_beta_1``); −1: none of them.

    Figures count, unlike elsewhere: ``beta_2`` averages squares.
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", " ", unicodedata.normalize("NFKC", bare(name)))
    joined = re.sub(r"(?<=[^\W\d_])[\W_]+(?=\d)", "", parted.casefold())  # beta_1 is beta1
    words = [word for word in re.findall(r"[^\W_]+", joined) if word not in _OF_AN_OPTIMIZER]
    return _BETAS.index(words[0]) if len(words) == 1 and words[0] in _BETAS else -1


def branch_place(name: str) -> int:
    """Place among the names of what makes branches; −1 where it is none of them."""
    text = "".join(tokens(bare(name)))
    return _BRANCHES.index(text) if text in _BRANCHES else -1


def is_trial_number(name: str) -> bool:
    """Whether it counts the trials as they were run."""
    return " ".join(tokens(name)) in {"number", "trial", "trial number", "trial id"}


def is_clock(name: str) -> bool:
    """Whether it is a time or what a training used up."""
    words = tokens(name)
    if (words and words[-1] in _AMOUNTS) or any(pair in _PER for pair in itertools.pairwise(words)):
        return True
    return bool((_CLOCKS | _RESOURCES) & set(words)) and not _NO_CLOCK & set(words)


def is_identity(name: str) -> bool:
    """Whether it says which row it is, where it ran or how it ended."""
    words = tokens(name)
    text = " ".join(words)
    return (
        (text in IDENTITIES and bool(words or not name.strip()))
        or name.startswith("_")
        or text.startswith(("unnamed", "rank test", "rank score", "rank mean"))
        or (len(words) > 1 and words[-1] in _IDENTITY_ENDS)
        or (len(words) > 1 and words[0] in _ENDED and is_step(" ".join(words[1:])))
    )


def is_result(name: str) -> bool:
    """Whether it is another result by name; what it is a weight or threshold of is a setting."""
    words = tokens(name)
    if not words or _NO_RESULT & set(words):
        return False
    known = {_of_spread(word) for word in words}
    return bool(RESULTS & known) or words[0] == "split0" or bool(re.match(r"split\d+_", name))


def _of_spread(word: str) -> str:
    """Word without what says that it is a standard deviation: ``rmsesd``, as R writes it."""
    return word.removesuffix("sd") or word


def is_of_a_split(name: str) -> bool:
    """Whether it is said of the training, validation or test examples: a result of whatever name."""
    words = tokens(name)
    return len(words) > 1 and words[0] in _SPLIT_NAMES and not _NO_RESULT & set(words)


def is_setting(name: str) -> bool:
    """Whether it is a setting by name."""
    words = set(tokens(bare(name)))
    return bool(SETTINGS & words) and not _MET & words
