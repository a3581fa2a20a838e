# 첫 화면: 무엇이 결정하는지, 무엇을 조정하고 고정할지, 무엇이 가장 좋은지, 얼마나 확실한지, 다음에 무엇을 실행할지.

decides = 결과를 결정하는 것은 { $setting }: { $metric } 분산의 { $share }에 관여한다
matters = 가장 중요한 것은 { $setting }: { $metric } 분산의 { $share }에 관여한다
follows = { $lead }. 그다음은 { $setting }, { $share }이다.
tied = { $lead }. 다만 { JOSA($others, "과/와") } 구별되지 않아, 어느 쪽이 더 중요한지는 알 수 없다.
with-share = { $setting } ({ $share })
cannot-say = 이 시행들로는 어떤 설정이 중요한지 말할 수 없다. 지금 값으로는 { JOSA($setting, "이/가") } 가장 커서 { $metric } 분산의 { $share }이다.
cannot-say-any = 이 시행들로는 어떤 설정이 중요한지 말할 수 없다.
not-shown = { JOSA($metric, "을/를") } 움직인다고 보일 수 있는 설정이 없다. 분산에서 가장 큰 비율은 { $setting }의 { $share }이다.
little = 크게 중요한 설정이 없다. { $metric } 분산에서 가장 큰 비율은 { $setting }의 { $share }이다.
all-failed = { $count ->
    [1] 하나뿐인 시행이 { diverged }: 비교할 것이 없어 어떤 설정도 판단할 수 없다.
   *[other] 시행 { $count }개가 모두 { diverged }: 비교할 것이 없어 어떤 설정도 판단할 수 없다.
}
all-empty = { $count ->
    [1] 하나뿐인 행에서 { $metric } 열이 비어 있다: 비교할 것이 없어 어떤 설정도 판단할 수 없다.
   *[other] 행 { $count }개 모두에서 { $metric } 열이 비어 있다: 비교할 것이 없어 어떤 설정도 판단할 수 없다.
}
no-trials = 시행이 없어 아무것도 말할 수 없다.
nothing-varies = 값이 바뀌는 설정이 없어 비교할 것이 없다.

tune = 조정
fix = 고정
unknown = 판단할 수 없음
or-any = { $value }, 시도한 다른 값도 괜찮음
any-value = 아무 값이나
not-worse = { $value }, 더 나쁘다고 드러난 값은 없음
in-branch = { $where } ({ $branch })
each-its-own = { $where }, { JOSA($names, "은/는") } 값마다 따로 조정
and-lower = { $where } 및 더 작은 값
and-higher = { $where } 및 더 큰 값
lowest-best = { $where }: 시도한 가장 작은 값이 가장 좋다
highest-best = { $where }: 시도한 가장 큰 값이 가장 좋다
from-to = { $low } ~ { $high }
not-known = 아직 알 수 없음, 지금까지 가장 좋은 값 { $value }
so-far = { $range }; 지금까지 가장 좋은 값 { $value }
so-far-lowest = { $range }, 먼저 더 작은 값: 시도한 가장 작은 값 { JOSA($value, "이/가") } 지금까지 가장 좋다
so-far-highest = { $range }, 먼저 더 큰 값: 시도한 가장 큰 값 { JOSA($value, "이/가") } 지금까지 가장 좋다
open = 아직 알 수 없음; 시도한 값 { $where }
open-few = 아직 알 수 없음 ({ $few }); 시도한 값 { $where }
few = { $count ->
    [1] 시행 1개뿐
   *[other] 시행 { $count }개뿐
}
few-with = { $count ->
    [1] { $branch } 시행 1개
   *[other] { $branch } 시행 { $count }개
}
more-places = 아래에 { $count }개 더
cost-at = { $value }에서 { $cost }
cost-blind = 모든 값의 평균에서 { $cost }
cost-most = 0과 { $high } 사이
cost-untold = { $cost }, { the-noise }와 구별되지 않음
cost-none = 드러나지 않음
cost-unknown = 알 수 없음
rule-good = 좋은 값: 나머지를 모두 다시 조정하여 가장 좋은 결과에서 { $size } 이내.
rule-tune = 조정: 나머지를 모두 다시 조정해도 값이 틀리면 손해이고, 일부 값만 좋다.
rule-fix = 고정: 한 값이 가장 좋거나, 더 나쁘다고 드러난 값이 없다.
rule-unknown = 판단할 수 없음: 까닭은 “얼마나 확실한가”에 있다.
rows-more = { $count ->
    [1] 설정 1개는 아래에 있다.
   *[other] 설정 { $count }개는 아래에 있다.
}

head-decision = 할 일
head-where = 범위 또는 값
head-share = 분산에서의 비율
head-cost = 가장 나쁜 값의 손해

best-of-means = 가장 좋은 구성
best-of-singles = 가장 좋은 단일 시행
only-trial = 하나뿐인 시행
forgiving = 가장 너그러운 구성
tied-best = 똑같은 { $count }개 중 하나
of-replicates = { $metric } { $value }, { $noise ->
    [seed] 시드 { $count }개의 평균
   *[other] { $count }번 실행한 평균
}
of-single = { $metric } { $value }, 한 번 실행했으므로 구간이 없음
neighbour = 가장 나쁜 이웃 { $value }
within = { $result }. 표준 오차 하나 안에서 가장 좋은 것만큼 좋은 { $count }개 중 하나이고, 그중 이웃의 결과가 가장 좋다.
alone = 표준 오차 하나 안에 다른 구성이 없으므로 가장 너그러운 구성이기도 하다.
also-forgiving = 가장 좋은 구성이 가장 너그러운 구성이기도 하다. 표준 오차 하나 안에서 그만큼 좋은 { $count }개 중 이웃의 결과가 가장 좋다.
none-known = 얼마나 너그러운지는 따질 수 없다. 두 번 실행한 것이 없어, 무엇이 그만큼 좋은지 알 수 없다.
no-neighbours = 얼마나 너그러운지는 따질 수 없다. 이 구성과 숫자 하나만 다른 구성이 없어, 한 단계 벗어날 때의 손해를 알 수 없다.

sure = 얼마나 확실한가
counts = { $trials ->
    [1] 시행 1개
   *[other] 시행 { $trials }개
}{ $searched ->
    [0] ,
   *[other] :
} { $configurations ->
    [1] 구성 1개
   *[other] 구성 { $configurations }개
}, { $replicates ->
    [1] 각 한 번 실행
   *[other] { $most ->
        [yes] 각 최대 { $replicates }번 실행
       *[no] 각 { $replicates }번 실행
    }
}{ $searched ->
    [0] {""}
   *[other] , 탐색으로 { $searched }개 더
}. { diverged }: { $failed ->
    [0] 없음
   *[other] { $failed }개
}.
not-above = { the-noise }와 구별되지 않음: { $names }.
not-judged = { $names }: { $reason }.
not-judged-where = { $names }의 어떤 값이 좋은지: { $reason }.
left-out = { $count ->
    [1] 실패했거나 결과가 없는 1개는 뺐다.
   *[other] 실패했거나 결과가 없는 { $count }개는 뺐다.
}
look-failed = { $count ->
    [1] 1개는 실패한 것으로 보인다.
   *[other] { $count }개는 실패한 것으로 보인다.
}
lucky = 구성 { $count }개 중 가장 좋은 것에는 운도 섞여 있다. 구간이 말하는 만큼 나빠질 것으로 본다.
lucky-once = 한 번씩 실행한 { $count }개 중 가장 좋은 것에는 운이 섞여 있다. 다시 하면 나빠질 것으로 본다.
caution = 주의
no-caution = 주의할 것이 발견되지 않았다.

next = 다음에 실행할 것
zoom = 다음 스윕 ({ $parts }):
zoom-finer = { JOSA($names, "은/는") } 더 촘촘히
zoom-wider = { JOSA($names, "은/는") } 가장 좋은 값이 끝에 있는 쪽으로 더 넓게
zoom-chosen = { JOSA($names, "은/는") } 좋은 값들만
zoom-kept = { JOSA($names, "은/는") } 시도한 범위 그대로
zoom-rest = 나머지는 고정
draw = 위의 표대로 뽑아 시행을 더 실행한다. Optuna 코드:
confirm = 가장 좋은 몇 개를 새 시드로 다시 하여, 무엇이 운이었는지 본다:
more = 시행이 더 필요하다. 위의 표대로 무작위로 서른 개쯤 뽑아 더 실행하거나(가장 좋은 값이 끝에 있으면 더 넓게), 모든 구성을 한 번씩 더 실행한다. Optuna 코드:
more-planned = 시행 400개를 더 하면 무엇을 판단할 수 있는지:
again = 더 조정할 것이 없다. 가장 좋은 몇 개를 다시 실행하여 무엇이 운이었는지 보고, 그다음:
mend = 시행이 실패하며 남긴 말을 보고, 범위를 좁히거나 프로그램을 고쳐 몇 개를 다시 실행한다.
mend-levels = 어떤 값에서 실패했는지 보고, 범위를 좁히거나 프로그램을 고쳐 몇 개를 다시 실행한다:
mend-column = 각 시행이 왜 실패했는지 보고, 범위를 좁혀 다시 실행한다:
name-metric = 결과가 다른 열에 있으면 --metric으로 그 열을 지정한다. 모두 실패했다면 범위를 좁히거나 프로그램을 고쳐 몇 개를 다시 실행한다.
start = 한 설정에 적어도 두 값을 주고 시행을 실행한다.
