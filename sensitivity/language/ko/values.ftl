# 표의 칸에 쓰는 말.

tune = 조정
fix = 고정
cannot-be-judged = 판단할 수 없음

# 다른 열의 칸에 쓰는 말.
main = 주효과
binned = 구간별 주효과
total = 전체 효과
interaction = 상호작용
noise-of-seed = 노이즈
binned_noise = 구간별 노이즈
lack_of_fit = 적합 오차
between = 갈래 사이
replicate = 반복
gain = 이득
cost-at-default = { default }값에서의 손해
cost-re-tuned = 다시 조정한 손해
difference = 차이
slope = 기울기
all-together = 모두 함께
higher-orders = 셋 이상
split-and-seed = 반복
seed = { noise }
re-tuned = 다시 조정
slice = 단면
untuned = 조정 안 함
own-best = 자신의 최선
overall-best = 전체의 최선
common-bar = 공통 기준
all-trials = 모든 시행
all-pairs = 모든 쌍
the-other-half = 다른 절반
the-other-half-of-the-replicates = 반복의 다른 절반
ranks-of-the-value = 값의 순위
decades = 자릿수
fraction = 비율
best = 최선
epochs = { many-epochs }
replicates = 반복
metrics = 지표
subsets = 부분 집합
halves = 절반
best-mean = 최선 평균
most-forgiving = 가장 너그러운 것
all = 전체
