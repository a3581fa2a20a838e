# 페이지의 탐색기. 중괄호 안은 스크립트가 채운다.

title = 직접 살펴보기
lead = 두 설정의 값마다 결과가 얼마나 좋은가, 그리고 나머지 설정은 무엇을 바꾸는가? 고른 다음 칸을 가리켜 본다. 모두 평균해도 좋은 칸은 나머지를 아무렇게나 골라도 잘 견디는 곳이다.
lead-only = 두 설정의 값마다 결과가 얼마나 좋은가? 칸을 가리켜 본다.
rows = 세로
columns = 가로
swap = 세로와 가로 바꾸기
others = 나머지 설정
tuned = 조정
averaged = 평균
fixed-at = = { $level }
all-tuned = 모두 조정
all-averaged = 모두 평균
best-smallest = 가장 낮은
best-largest = 가장 높은
meaning-tuned = 칸의 값은 그 칸에서 가장 좋은 구성, 곧 반복에 대한 평균이 { $best } 구성의 결과다.
meaning-averaged = 칸의 값은 그 칸의 모든 시행의 평균이다. 다른 설정을 조정하지 않을 때 기대할 수 있는 결과다.
meaning-mixed = 칸의 값은 조정하는 설정을 골라 얻는 { $best } 평균이다. 평균은 평균하는 설정의 모든 값에 대해 구한다.
meaning-only = 칸의 값은 반복에 대한 평균이다.
meaning-fixed = 고정한 설정은 그 설정을 쓰는 곳에서만 고려한다.
marks = 테두리: 행에서 가장 좋은 칸. 빗금: 칸의 시행 중 10분의 1 이상이 { diverged }, 촘촘한 빗금: 절반 이상, 회색: 전부. 빈칸: 시행 없음.
keys = 키보드에서는 화살표 키로 칸을 옮겨 다닌다.
left-out = 가장 중요한 설정 { $shown }개를 고를 수 있다. 그 밖의 { $left }개는 나머지를 모두 조정할 때는 조정하고, 아니면 평균한다.
log-axis = { $name } (로그)
other-levels = 그 밖의 값 { $count }개

grid = { $rows } × { $columns }
scale-good = 좋음
scale-bad = 나쁨
number = 평균 ± 표준편차
n = n (평균에 든 시행 수)
failed = 이 칸에서 { diverged }한 시행
failed-of = { $share } ({ $count }개 중 { $failed }개)
tuned-to = 조정한 값
fixed-to = 고정한 값
averaged-over = 평균한 설정
no-trial = 이곳에는 시행이 없다.
all-failed = 이곳의 시행은 모두 { diverged }했다.
all-failed-short = 모두 { $failure ->
    [divergence] 발산
   *[failure] 실패
}

curves = 이 칸에 든 시행의 학습 곡선, { $metric }:
curves-of = { $count }개 중 { $shown }개를 그림
curves-bold = 굵은 선: 위 평균에 든 시행.
step = { $progress ->
    [epoch] 에폭
   *[step] 단계
}

rate-title = { $branch }마다 같은 { $rate }
rate-title-all = { $rate }의 모든 값
all-trials = 모든 시행
rate-lead-all = 슬라이더를 움직여 본다. 이 { JOSA($rate, "을/를") } 쓰고 나머지 설정을 그에 맞추어 조정하면 얼마나 좋아지는가?
rate-lead = 슬라이더를 움직여 본다. 이 { JOSA($rate, "을/를") } 쓸 때, 나머지 설정을 그에 맞추어 조정하면 각각 얼마나 잘하는가?
rate-lead-chance = 슬라이더를 움직여 본다. 이 { JOSA($rate, "을/를") } 쓸 때, 나머지 설정을 그에 맞추어 조정하면 얼마나 잘하고, 아무렇게나 두면 얼마나 잘하는가?
rate-lead-alone = 슬라이더를 움직여 본다. 이 { JOSA($rate, "을/를") } 쓰면 각각 얼마나 잘하는가?
rate-legend-alone = 실선: 값마다의 결과, 흐린 띠: 알 수 있으면 그 95 % 구간. 눈금은 전체에서 가장 좋은 값 위로 로그다. 파선: 허용되려면 결과가 넘어야 하는 기준(허용 폭 표와 같은 기준). 축의 굵은 부분: 허용되는 값.
summary-alone = 허용됨: { $count }개 중 { $good }개. { $names }
rate-legend = 실선: 나머지를 모두 조정할 때 값마다 가장 좋은 결과, 흐린 띠: 알 수 있으면 그 95 % 구간. 눈금은 전체에서 가장 좋은 값 위로 로그다. 파선: 허용되려면 결과가 넘어야 하는 기준(허용 폭 표와 같은 기준). 축의 굵은 부분: 허용되는 값.
rate-legend-untuned = 점선: 나머지 설정을 고르는 모든 경우의 중앙값({ diverged }한 시행 포함). 아래쪽 굵은 부분은 그것이 허용되는 곳이다. 점선이 낮은 값은 나머지를 어떻게 골라도 잘 견딘다.
rate-predicted = 표와 마찬가지로 곡선은 대리 모델의 예측이다.
rate-ends = { $low }에서 { $high }까지.
rate-ends-log = { $low }에서 { $high }까지, 로그 눈금.
rate-said = { $rate } { $level }
summary = 나머지를 조정하면 허용됨: { $count }개 중 { $good }개. { $names }
summary-untuned = 나머지를 고르는 경우의 절반에서 허용됨: { $count }개 중 { $good }개. { $names }
with-tuned = 나머지 조정
with-untuned = 나머지 조정 안 함, 중앙값
loss = 자신의 최고보다 { $loss }만큼 나쁨
loss-none = 자신의 최고
is-good = 허용됨
is-risky = 잘되면 허용됨
is-bad = 너무 나쁨
is-few = 판단할 수 없음
untried = 이 값은 시험하지 않음
bar = 기준은 { $bar }이다.
failed-here = { $share } { diverged }
