# trajectories: 곡면 위의 갱신 규칙과 손으로 구한 식. 그림과 터미널의 말.

title = 곡면 위의 갱신 규칙: { $surface }
arrived = { $steps }스텝
not-arrived = { $steps }스텝 안에 못 감
step = 스텝
height = 높이
height-above = 최소점에서 잰 높이
now = { $surface }, { $step }스텝
marks = 어두울수록 낮다. 고리: 시작점. 원: { $steps }스텝 뒤의 자리.{ $minimum ->
    [yes] {" "}별: 최소점.
   *[no] {""}
}
goal-minimum = 스텝 수: 경로가 (가장 깊은) 최소점까지 처음 거리의 20분의 1 안에 머물 때까지.
goal-saddle = 스텝 수: 경로가 안장점을 벗어날 때까지(|y| > 1).
goal-plateau = 스텝 수: 경로가 평지를 벗어날 때까지(x < 0).
leap = RMSProp은 최소점 가까이에서 튄다. 최근 기울기의 크기로 나누므로 학습률이 일정하면 스텝이 η보다 많이 짧아지지 않는다.
rates-tuned = 학습률 η은 저마다 스텝이 가장 적은 값이다.
rates-some = 학습률 η: 교과서에 흔한 그림의 값. *는 스텝이 가장 적은 값.
rates-known = 학습률 η: 교과서에 흔한 그림의 값.
rates-alike = 학습률 η은 모두 같다.

surface-korean_textbook_surface = 교과서에 흔한 그림인 얕은 그릇: { $formula }.
surface-ravine = 가로지르는 쪽이 따라가는 쪽보다 백 배 가파른 골짜기: { $formula }.
surface-saddle = 두 언덕 사이에서 기울기가 0인 고개(안장점): { $formula }.
surface-plateau = 기울기가 거의 없는 평지와 그 끝의 내리막: { $formula }.
surface-double_well = (−2, 0)의 깊은 최소점 앞에 (1, 0)의 얕은 최소점: { $formula }.
surface-rosenbrock = 바닥이 평평한 굽은 골짜기(Rosenbrock 1960): { $formula }.
surface-beale = 가파른 벽 사이의 평지(Beale 1958): { $formula }.

optimizer = 옵티마이저
rate = 학습률
stable = 안정한 한계
to-arrive = 도착까지 스텝
to-leave = 벗어나기까지 스텝
last = 마지막 값
where = 끝난 곳
where-got-away = 벗어남
where-still-held-up = 아직 머묾
where-running-away = 멀리 달아남
where-at-the-minimum = 최소점
where-at-the-deep-minimum = 깊은 최소점
where-at-the-shallow-minimum = 얕은 최소점
where-on-the-way-to-the-minimum = 최소점으로 가는 중
where-on-the-way-to-the-deep-minimum = 깊은 최소점으로 가는 중
where-on-the-way-to-the-shallow-minimum = 얕은 최소점으로 가는 중

said-stable = 안정한 한계, λ = { $high }: sgd 2/λ = { $plain }, β = 0.9인 momentum (2+2β)/λ = { $heavy }.
said-beta = 가장 좋은 β, κ = { $kappa }: ((√κ−1)/(√κ+1))² = { $best }{ $swings ->
    [yes] . 0.9를 쓰면 momentum은 최소점을 지나쳐 흔들려 느려 보인다
   *[no] {""}
}.
said-speed = β = 0.9의 종단 속도: sgd의 1/(1−β) = { $speed }배.
said-adam = Adam의 스텝: 기울기가 한 번만 오면 많아야 (1−β₁)/√(1−β₂) = { $once } η, 기울기가 커지면 많아야 { $ever } η.

forms = 손으로 구한 식과 규칙이 실제로 하는 일
forms-how = 선: 손으로 구한 식. 점: 갱신 규칙 자체. 스텝마다의 배율: 곡률 λ가 { $low }에서 { $high }까지인 이차 함수에서 최소점까지의 거리가 결국 스텝마다 몇 배가 되는가. 1보다 크면 멀어진다. 축에 따로 적지 않으면 momentum의 β는 0.9이다. 기울기가 커질 때 Adam의 스텝은 { $ever } η까지 이르고 그보다 커지지 않는다.
forms-rate = 학습률 η
forms-factor = 스텝마다의 배율
forms-stable = 안정한 가장 큰 학습률
forms-beta = 가장 좋은 β, κ = { $kappa }
forms-at = β (η = { $rate })
forms-slope = 고른 비탈에서의 스텝
forms-speed = 속도 (sgd의 스텝 단위)
forms-terminal = momentum의 종단 속도
forms-even = 고른 비탈: 1
forms-first = 기울기가 처음 0이 아닌 스텝
forms-size = 그 스텝의 크기 / η
forms-adam = 기울기가 한 번 왔을 때 Adam의 스텝
