# 그림: 제목, 그림 안의 말, 그림 옆의 설명.

lower = 낮을수록 좋음
higher = 높을수록 좋음
higher-metric = { JOSA($metric, "은/는") } 높을수록 좋다.
lower-plain = 낮을수록 좋다.
about = 시행 { $count }개
few-replicates = 반복 { $count }개의 ±만으로는 말할 수 있는 것이 적다. 비교할 95 % 구간은
log-scale = { $name } (로그 눈금)
all-optimizers = 모든 옵티마이저
all-trials = 모든 시행
whiskers = 수염과 대괄호: 95 % 구간.
brackets = 선과 대괄호: 95 % 구간.
bands = 띠: 95 % 구간.
no-intervals = 구간 없음: { $reason }.
no-intervals-known = 알려진 구간 없음.
once = 두 번 실행한 것이 없다
without-replicates = 반복이 없다
first-of = 설정 { $count }개 가운데 처음 { $shown }개.
first-of-ranking = 순위의 처음 { $shown }개 설정.
share-axis = 결과의 분산에서 차지하는 비율 (%)
share-of-variance = 분산에서 차지하는 비율 (%)
share-of-variance-short =
    분산에서
    차지하는 비율 (%)
noise-line = { $seeds ->
    [yes] { the-noise }
   *[no] 노이즈 또는 적합 오차
} { $share }
not-above = 노이즈와 구별되지 않음
not-judged = 판단하지 않음
counts-inside = { $branch } 안에서 중요
main-effect = 주효과
total-effect = 전체 효과
grey = 회색: { the-noise }와 구별되지 않음.
grey-hatched = 회색 빗금: { the-noise }와 구별되지 않음.
grey-open = 속이 빈 회색: { the-noise }와 구별되지 않음.
seed-alone = 파선: { $noise ->
    [seed] 시드만으로 설명되는 것
    [replicate] 노이즈만으로 설명되는 것
   *[unknown] 노이즈 또는 적합 오차
}{ $shaded ->
    [yes] , 그 95 % 구간은 음영
   *[no] {""}
}.
left-out = 덜 중요하여 뺀 설정: { $names }.
left-out-optimizers = 더 못한 옵티마이저 { $count }개는 뺐다.
empty = 빈칸: 시행 없음.
note = 참고: { $remark }.
do-not-vary = { JOSA($first, "과/와") } { JOSA($second, "은/는") } 함께 변하지 않는다
no-two-vary = 함께 변하는 두 설정이 없다
no-curve = 학습 곡선이 있는 시행이 없다
nothing-varies = 변하는 설정이 없다

ranking = 어떤 설정이 중요한가
ranking-main = 짙은 막대: 주효과, 다른 모든 설정에 대해 평균하여 한 설정이 혼자 설명하는 것.
ranking-total = 옅은 막대: 전체 효과, 그 설정이 참여하는 모든 상호작용을 포함한다. 서로 겹치므로 합이 100 %를 넘을 수 있다. 숫자는 전체 효과이다.
ranking-no-total = 이 계획으로는 상호작용이 보이지 않아 전체 효과를 알 수 없다.
no-setting = 설정이 없다

variance = 분산은 어디에서 오는가
variance-pairs = 두 설정의 상호작용
variance-more = 셋 이상의 상호작용
variance-unexplained = 모델로 설명되지 않는 것
variance-noise = { noise }
variance-remainder = 주효과로 설명되지 않는 것
variance-colours = 설정의 색: 다른 모든 설정에 대해 평균한 주효과.
variance-bars = 막대마다 그 갈래 안의 분산이 100 %이다{ $more ->
    [yes] (갈래 { $count }개 가운데 처음 { $shown }개)
   *[no] {""}
}. 한 설정이 { $optimizers ->
    [yes] 어떤 옵티마이저에서는
   *[no] 어떤 갈래에서는
} 결과를 결정하고 다른 데서는 그렇지 않을 수 있다.
variance-slate = 청회색: 주효과를 넘어 설정들이 함께 하는 것.
variance-apart = 옅은 회색: 이 계획으로 나눌 수 없는 상호작용과 노이즈.
variance-model = 옅은 회색: 적합한 모델이 놓치고, 반복을 보면 { $trial ->
    [network] 시드
   *[trial] { $noise ->
        [seed] 시드
       *[other] 노이즈
    }
} 탓도 아닌 것.
variance-scaled = 0보다 작은 추정값(효과 없음과 운)은 0으로 그리고, 나머지는 합이 100 %가 되게 맞추었다.
variance-numbers = 숫자는 퍼센트이며 { $least } %부터 적는다.
no-variance = 분산이 없다

interactions = 설정의 주효과와 상호작용: { $about }
interactions-shares = { $metric } 분산에서 차지하는 { $ends ->
        [yes] 비율과 95 % 구간
       *[no] 비율(%)
    }. 짙을수록 크다.
interactions-cells = 대각선: 한 설정이 혼자 설명하는 것. 그 아래: 두 설정이 그것을 넘어 함께 설명하는 것.
interactions-total = 마지막 열: 그 설정이 관여하는 모든 것. 그래서 행끼리 겹친다.
interactions-higher = 셋 이상의 설정이 함께: { $share } %.
interactions-misfit = 대리 모델이 설명하지 못하는 것: { $share } %.
interactions-noise = { the-noise }: { $share } %.
interactions-grid = 상호작용은 완전한 격자에서만 알 수 있다

among-best = 가장 좋은 { $best } % 안에서도 중요한 것
among-best-all = 모든 시행: 주효과
among-best-best = 가장 좋은 것 가운데
among-best-axis = 분산에서 차지하는 비율 (%). 두 쪽의 눈금은 서로 다르다
among-best-how = 왼쪽: 한 설정이 혼자 설명하는 결과의 분산. 오른쪽: 시행이 가장 좋은 { $best } %{ $marked ->
    [none] {""}
   *[other] (값이 같은 것이 있어 실제로는 { $marked } %)
} 안에 드는지, 곧 { JOSA($metric, "이/가") } { $bound } { $side ->
    [lower] 이하
   *[higher] 이상
}인지를 설명하는 비율. 길이가 아니라 순위를 비교한다. 가장 좋은 것에 들려면 모든 설정이 한꺼번에 맞아야 하므로 오른쪽 비율은 본래 작다.
sides = 양쪽은 저마다의 순위대로 늘어놓았고, 선은 한 설정의 두 자리를 잇는다. 순위가 다르면 굵다.
sides-grey = 회색 빗금: 구간이 0에 닿아 중요하지 않을 수도 있다.
sides-none = 회색 빗금: 효과가 보이지 않음.

survivors = { diverged }한 시행을 넣은 순위와 뺀 순위
survivors-capped = { diverged }한 시행은 상한으로
survivors-only = 살아남은 시행만
survivors-how = 왼쪽: { diverged }한 시행을 상한으로 센 { $kind ->
    [total] 전체 효과
   *[main] 주효과
}. 오른쪽: { diverged }하지 않은 시행({ $every }개 가운데 { $left }개)의 같은 비율. 내려가는 설정은 주로 { diverged }하게 하기 때문에 중요했다. 오른쪽 비율은 Sobol 지수가 아니다. 살아남은 시행에서는 설정들이 서로 얽혀 있어 더할 수 없고, { many-seeds } 값이 다르면 다른 시행이 살아남으므로 구간이 없다.
none-diverged = { diverged }한 시행이 없다

best-of-pair = { JOSA($columns, "과/와") } { $rows }에 따른 가장 좋은 { $metric }: { $about }
each-cell = 칸마다{ $texts ->
    [yes] {""}
   *[no] {" "}(숫자를 적기에는 칸이 너무 많음)
}: 다른 모든 설정을 그 칸에 맞추어 조정한 가장 좋은 구성의 { $label }{ $several ->
    [yes] {" "}± 반복의 표준편차
   *[no] {" "}(반복이 하나여서 ±를 알 수 없음)
}. 짙을수록 좋다.
each-cell-panel = 칸마다: 다른 모든 설정을 조정한 가장 좋은 구성의 { $label } (반복의 평균). 짙을수록 좋다.
scatter-of-curves = { $scatter } 설정별 최선의 표와 쌍 행렬(옅은 띠)에 있다.
scatter-of-diagonal = { $scatter } 대각선에 있다.
cell-failed = 퍼센트: 칸의 모든 시행 가운데 { diverged }한 비율.
hatched = 빗금: 칸의 시행 가운데 10 % 이상이 { diverged }, 촘촘한 빗금: 50 % 이상, 회색: 전부.
framed-row = 테두리: 행에서 가장 좋은 칸(같은 값 포함).
framed-panel = 테두리: 그림에서 가장 좋은 칸(같은 값 포함).
pairs = 설정의 모든 쌍에 따른 { $metric }: { $about }
pairs-below =
    아래: 최선, 나머지 조정
    { $label }
pairs-above =
    위: 평균, 조정 안 함
    { $label }
pairs-how = 대각선 아래: 다른 모든 설정을 조정한 칸마다 가장 좋은 구성 ± 반복의 표준편차. 위: 아무것도 조정하지 않은 칸의 모든 시행의 평균 ± 표준편차. 대각선: 다른 모든 설정을 조정한 수준마다 가장 좋은 결과 ± 반복의 표준편차와 그 95 % 구간(옅음). { $turned ->
    [yes] 짙을수록, 그리고 선이 낮을수록 좋다.
   *[no] 짙을수록, 그리고 낮을수록 좋다.
}
pairs-many = 숫자를 적기에는 칸이 너무 많다.
optimum-dots = 점: { $two }마다 가장 좋은 { $one }. 가장 좋은 것과 구별되지 않는 값들의 가운데이다. 막대: 그 95 % 구간. 빈 점: 범위의 끝이어서 최적은 그 너머일 수 있다.
optimum-none = 가장 좋은 값을 따라갈 수치 설정이 없다
momentum-line = 선: { JOSA($axes, "이/가") } 테두리 칸과 같은 곳. 이 선을 따라 모멘텀의 실효 학습률이 같다.
momentum-own = 기울기에 { JOSA($factors, "을/를") } 스스로 곱하는 옵티마이저는 이 선을 따를 까닭이 없다.
momentum-shares = 분산에서 { $rate } × { $beta } 상호작용이 차지하는 비율이, { $rate } 대신 { JOSA($effective, "을/를") } 쓰면: { $shares }.
no-numbers = { JOSA($first, "과/와") } { JOSA($second, "은/는") } 수가 아니다

gains = 조정해서 얻는 것과 틀린 값이 잃는 것{ $branch ->
    [all] {""}
   *[other] : { $branch }
}
gains-axis = 이득(좋아짐) 또는 손해(나빠짐){ $beyond ->
    [none] {""}
   *[other] , { $beyond } 너머는 로그 눈금
}
gains-in =
    { $axis }
    단위: { $metric }
gains-kind-gain = 이득
gains-kind-cost = { default }값에서의 손해
gains-kind-again = 다시 조정한 손해
gains-together = 모두 함께
gains-is-best = { $size }  { $level } 값이 최선
gains-at = { $size }  { $level }에서
gains-largest = 설정 { $count }개 가운데 값이 가장 큰 { $shown }개.
gains-gain = 이득: 다른 것은 모두 { default }값에 두고 이 설정만 조정해서 나아지는 양.
gains-all = 모두 함께: { default }값에서 모든 것의 가장 좋은 구성까지.
gains-cost = { default }값에서의 손해: 다른 것은 모두 { default }값에 두고, 가장 나쁜 값과 { default }값의 차이.
gains-again = 다시 조정한 손해: 값마다 다른 것을 모두 다시 조정하고, 가장 나쁜 값과 가장 좋은 값의 차이.
gains-unjudged = 두 번 실행한 것이 없어, 노이즈로 설명되는지는 판단할 수 없다.
gains-unknown = { default } 구성을 실행하지 않아 이득을 알 수 없다.
gains-defaults = { $reference ->
    [default] 기본값
   *[reference] 기준값, 곧 범위의 가운데
}({ $found ->
    [predicted] 예측한
   *[tried] 시도한
} 가장 가까운 값): { $defaults }.
no-difference = 어떤 설정의 어떤 값도 차이를 내지 않는다

width = 허용되는 범위는 얼마나 넓은가: { $setting }
widths = 설정마다 허용되는 범위는 얼마나 넓은가
width-axis = 시도한 범위에서의 자리 (%, 로그인 설정은 로그 눈금)
width-lowest = 최저
width-highest = 최고
width-decades = { $least }{ $decades }자릿수
width-nowhere = 없음: { $width }
width-values = { $width }: { $low }~{ $high }
width-pale = 옅은 띠: 다른 모든 설정을 조정하여 이를 수 있는 가장 좋은 { JOSA($metric, "이/가") }, 모든 시행의 최선에서 { $common ->
    [yes] 상수 예측
   *[no] 모든 시행의 중앙값
}까지 거리의 { $share } 안에 들어 허용되는 곳. 넓을수록 조정하기 쉽다.
width-dark = 짙은 띠: 아무것도 조정하지 않고 { diverged }한 시행도 세어, { $both ->
    [yes] 다른 설정을 고르는 두 경우의 평균이
   *[no] 다른 설정을 고르는 모든 경우의 절반이
} 그 안에 드는 곳. 숫자는 짙은 띠의 것이다.
width-diamond = 마름모: 나머지를 조정했을 때 가장 좋은 값.
width-sorted = 넓은 순서, 곧 가장 너그러운 것부터.
width-arrow = 화살촉, ≥: 띠가 시도한 범위의 끝에 닿아 더 이어질 수 있다.
width-hatched = 빗금: 떨어진 띠 여럿을 처음부터 끝까지 이어 그린 것.
width-nowhere-means = 없음: 어떤 값도 허용 오차 안에 들지 않는다.
width-intervals = 대괄호: 95 % 구간({ $trial ->
    [network] 시드
   *[trial] { $noise ->
        [seed] 시드
       *[other] 노이즈
    }
}와 격자).
width-blurred = 허용 오차가 대리 모델의 오차보다 작다
width-between = { $apart ->
    [none] 끝은
   *[other] 수준 사이는 { $apart }자릿수이며, 끝은
} 수준 사이를 직선으로 이어 구했다.
no-numeric = 변하는 수치 설정이 없다
no-band = 띠가 있는 설정이 없다

budget = 무작위 시행 k번 가운데 가장 좋은 것은 얼마나 좋은가
budget-k = 무작위 시행 수 k (로그 눈금)
budget-best = 기대되는 가장 좋은 { $metric }
budget-search = 무작위 탐색
budget-how = 이 계획에서 무작위로, { a-seed } 하나씩으로 뽑은 시행 k번에서 기대되는 가장 좋은 { $metric }.
budget-flat = 일찍 평평해지는 선은 몇 번의 시행으로 충분하다는 뜻이다.
budget-grey = 회색: 전체 공간의 탐색 열 번 가운데 여덟 번은 이 안에서 끝난다.
budget-bands = 선과 같은 색의 띠: 95 % 구간.
budget-others = 다른 선: 옵티마이저를 고정한 같은 것.
no-configuration = 구성이 없다

stable = 순위는 안정적인가: { $about }
stable-trials = 시행 수 (로그 눈금)
stable-tau = Kendall의 τ (1: 같은 순서, 0: 무관)
stable-subsets = 무작위 부분 집합
stable-halves = 두 절반
stable-single = 옵티마이저 하나씩
stable-replicates = 반복, { $against }: { $tau }
stable-metric = { $name }: { $tau }
stable-uncapped = { $name }, 상한 없이: { $tau }
stable-pairs = 모든 쌍
stable-how = 설정의 순서가 얼마나 일치하는가. 높을수록 안정적이며 1(파선)은 같은 순서이다.
stable-line = 선: 시행의 무작위 부분 집합과 전체를 비교한 평균, 음영은 뽑은 것의 95 % 범위.
stable-faint = 흐린 선: 옵티마이저 하나씩 안에서 같은 것.
stable-diamond = 마름모: 겹치는 시행이 없는 두 절반끼리.
stable-plan = 이 계획은 { $size }.
stable-points = 점: 반복 하나씩끼리, 그리고 다른 지표와 이 지표.
nothing-to-compare = 비교할 것이 없다

curves-rate = { $setting }마다 학습은 어떻게 진행되는가
curves-value = { $setting } 값마다 학습은 어떻게 진행되는가
curves-best = 가장 좋은 구성에서 학습은 어떻게 진행되는가
curves-failed = 모든 실행이 { diverged }
curves-configuration = 가장 좋은 구성
curves-best-at = 최선은 { $level }
curves-vertical = 세로: { one-epoch }마다의 { $metric }; { $way }.
curves-single = 곡선은 저마다 가장 좋은 구성의 것이다. 설정 하나만 다른 시행이 없다.
curves-slice = { $setting } 외의 모든 설정은 그림마다 가장 좋은 구성과 같다. 그 구성의 곡선은 굵은 주황색이며, 많은 것 가운데 골랐으므로 운이 섞여 있다.
curves-lines = 선: 반복의 평균; 띠: 가장 낮은 반복에서 가장 높은 반복까지.
curves-cross = ×: 첫 반복이 { diverged }한 곳({ $trial ->
    [network] 유한하지 않거나, 끝에서 처음 손실보다 높고 상수 예측보다 낫지 않음
   *[trial] 결과가 없거나 유한하지 않음
}). 모두 { diverged }하면 선이 끝난다.
curves-held = 고정한 값: { $values }.
epoch = { one-epoch }

course = 학습 초반에 중요한 것과 후반에 중요한 것
course-axis = 이 { one-epoch } 뒤의 분산에서 차지하는 비율 (%)
course-total = 선: 상호작용을 포함한 각 설정의 전체 효과. 그래서 합이 100 %를 넘을 수 있다.
course-main = 선: 구간으로 나누어 구한 각 설정의 주효과. 이 계획으로는 상호작용이 보이지 않는다.
course-response = 결과: 그 { one-epoch } 뒤의 { $metric }.
course-shares = 비율은 그 { one-epoch } 뒤의 분산에 대한 것이다. 다른 효과가 커져서 선이 내려갈 수도 있다.
course-capped = 유한하지 않게 된 실행은 그때까지는 제 곡선으로, 그 뒤는 상한으로 센다. 무엇도 상한보다 크게 세지 않는다.

noises = 노이즈는 어디에서 오는가
noise-axis = 노이즈에서 차지하는 비율 (%)
noise-of-all = 전체 분산의 { $share }
noise-how = 한 구성의 신경망들이 서로 다른 까닭(구성에 대한 평균). 수염과 대괄호: 95 % 구간. 근원마다 모든 구성이 함께 쓰는 몇 번의 표본에 기댄다. 나머지: 가중치, 순서, 분할이 함께여야만 하는 것.
noise-below = 0보다 작은 추정값은 효과가 없다는 뜻이며 운이다.
noise-not-crossed = 노이즈를 따로 바꾸지 않았다

speed = { $setting }에 따라 목표까지 걸리는 { one-epoch }: { $about }
speed-scale =
    목표까지 { many-epochs }의 중앙값
    (적을수록 좋음)
speed-how = 칸마다: 다른 설정이 무엇이든 그 시행의 절반이 목표에 이른 첫 { one-epoch }. 짙을수록 빠르다.
speed-brackets = 대괄호: 95 % 구간. 끝이 줄표이면 절반이 끝내 이르지 못할 수도 있다.
speed-grey = { $texts ->
    [yes] 줄표가 있는 회색
   *[no] 회색
}: 학습 안에 이르는 것이 절반보다 적다{ $texts ->
    [yes] . 퍼센트: 이르는 비율
   *[no] {""}
}.
speed-bins = 열 아래의 숫자: { $setting } 구간의 가운데.
speed-some = 시행의 절반이 목표에 이르는 곳이 없다
speed-none = 목표에 이른 시행이 없다

failures = { JOSA($columns, "과/와") } { $rows }에 따른 { diverged }한 시행: { $about }
failures-axis = { diverged } (%)
failures-how = 칸마다: { diverged }한 시행의 비율. 짙을수록 많다.
failures-small = 작은 글씨: 95 % 구간. 한 구성의 반복은 서로 같다고 본다.
drawn-levels = 그린 값: { $levels }.
drawn-of = { $name } 값 { $count }개 가운데 가장 좋은 { $shown }개
not-shown = 칸이 없는 것: { $levels } ({ JOSA($others, "이/가") } 없는 값{ $count ->
    [1] {""}
   *[other] {" "}{ $count }개
}).
every-trial-failed = 모든 시행이 { diverged }했다
stable-few = 시행이 너무 적어 그 일부만으로 다시 매긴 순위가 없다
cell-all-failed =
    모두
    { diverged }
stable-ranks = 값의 순위

runs = 모든 실행에서 같은 설정이 중요한가
runs-few = 비교할 비율이 있는 실행이 둘보다 적다
runs-how = 큰 숫자: 그 실행에서 설정의 순위, 1 = 가장 큰 { $kind ->
    [total] 전체 효과
   *[main] 주효과
}. 그 아래와 색(진할수록 큼): 그 효과가 실행의 분산에서 차지하는 비율. 설정은 평균 순위의 순서이다.
runs-kendall = Kendall의 W는 모든 실행의 순위가 같으면 1, 전혀 일치하지 않으면 0이다.
runs-blank = 빈칸: 그 실행에서 달라지지 않는 설정이거나 비율을 알 수 없는 설정.
