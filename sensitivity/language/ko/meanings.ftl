# 표의 열 제목에 뜨는 설명. 영어는 코드에 있다: Column.meaning. 이름은 그 설명이 처음 나오는 표와 열이며,
# 같은 설명이 있는 다른 표와 열도 그것을 쓴다. ``그대로 쓴 말``은 CSV 파일의 것이다.

trials--number = 스윕에서 시행의 번호, 0부터.
trials--phase = ``plan``(계획), 샘플러가 제안한 시행은 ``search``(탐색), 여러 반복과 추첨을 함께 쓰는 시행은 ``crossed``(교차).
trials--each_setting = 설정마다 그 값이 있는 열 하나. 그 설정이 쓰이지 않는 곳은 비어 있다.
trials--replicate = 어느 시드와 분할인지, 0부터. 모든 구성이 함께 쓴다. 노이즈를 교차시킨 곳에는 근원마다의 추첨이 뒤따른다: ``draw_of_weights``(가중치), ``draw_of_order``(순서), ``draw_of_split``(분할).
trials--outcome = ``trained``(학습됨) 또는 ``diverged``(발산). 자기 함수에는 ``failed``(실패), ``timed_out``(시간 초과), ``out_of_memory``(메모리 부족), ``killed``(강제 종료)도 있으며 이들에는 값이 없다.
trials--message = 자기 함수가 결과를 내지 못한 까닭. 그런 시행이 있을 때만.
trials--diverged_at = { diverged } 시점의 { one-epoch }, 소수까지. 알려져 있을 때.
trials--loss_rose = 학습 손실이 처음보다 높게 끝났는지.
trials--value = 잰 값. 낮을수록 좋고 상한보다 높지 않으며, 학습이 유한하지 않게 된 곳도 상한으로 센다. 자기 함수의 값은 그대로이고 결과가 없던 곳은 비어 있다. 함수가 준 지표마다 열이 하나씩 뒤따른다.
trials--validation_error = 마지막 { one-epoch } 뒤의 값, 상한을 두지 않음. 학습이 거기까지 이르지 못했으면 비어 있다.
trials--best_validation_error = 모든 { one-epoch } 가운데 가장 좋은 값.
trials--epochs_to_target = 검증 오차가 목표 이하가 된 첫 { one-epoch }, 1부터. 없으면 비어 있다.
trials--evaluations = 학습에 든 비용을 학습 집합의 순전파 횟수로 센 것. 기울기를 따르는 한 걸음은 그 미니배치의 셋으로 세므로 { one-epoch }마다 셋이고, 탐색도 그렇다. 기록된 때만.
trials--seconds = 초: 함께 학습한 무리의 시간 가운데 이 시행의 몫. 남의 시행은 걸린 시간 그대로.

question--setting = 무엇에 대하여 묻는지.
question--kind = 가장 좋은 결과의 차이(``difference``) 또는 가장 좋은 학습률의 기울기(``slope``).
question--level = 설정의 수준, 또는 기울기를 구한 갈래.
question--against = 견주는 상대 수준, 또는 기울기의 가로축.
question--evaluations = 한 번 학습하는 비용을 학습 집합의 순전파 횟수로 센 것. 아무도 세지 않았으면 비어 있다.
question--evaluations_against = 견주는 상대의 순전파 횟수, 마찬가지로. 아무도 세지 않았으면 비어 있다.
question--value = 나머지를 모두 조정했을 때 이 수준의 가장 좋은 결과에서 상대의 것을 뺀 값. 또는 기울기.
question--verdict = 판단과 비고를 읽을 수 있게 글로 쓴 것.

ranking--rank = 전체 효과 순. 같거나 계획이 전체 효과를 주지 않으면 주효과 순, 그다음은 공간에 적힌 순서. 판단할 수 없는 것은 맨 뒤에 온다. 추정값의 순서이므로 이웃한 것은 동률일 수 있다. 견주려고 아래에 둔 노이즈와 반복의 행은 비어 있다.
ranking--setting = 설정의 이름.
ranking--main_effect = 설정이 혼자 설명하는 몫, 분산에서 차지하는 비율.
ranking--total_effect = 설정이 관여하는 분산의 모든 부분.
ranking--value_in_best_configuration = 이 설정이 쓰이는 구성 가운데 반복에 대한 평균이 가장 낮은 구성에서의 값. 나머지는 평균한 것이 아니라 모두 다시 조정한 것이다.
ranking--best_level_mean = 가장 낮은 주변 평균: 한 수준(또는 값의 묶음)의 모든 구성에 대한 결과의 평균.
ranking--worst_level_mean = 결과의 가장 높은 주변 평균.
ranking--worst_level_retuned = 수준마다 구성 평균 가운데 가장 낮은 결과를 구하고 그중 가장 높은 것: 설정이 가장 나쁜 수준에 묶이고 나머지를 모두 조정했을 때 남는 결과. 그중 가장 낮은 것이 곧 가장 좋은 구성이다.
ranking--trials = 이 설정이 있는 계획의 시행 수: 비율이 무엇에 바탕을 두는지.

advice--branch = ``all``(전체), 또는 이 행이 말하는 시행의 부분, 이를테면 ``optimizer=adam``.
advice--advice = 조정(``tune``): 나머지를 모두 다시 조정해도 잘못된 값은 손해이고 몇몇 값만 좋다. 고정(``fix``): 어떤 값도 운보다 큰 손해로 드러나지 않았거나, 한 값이 가장 좋다. 또는 판단할 수 없음(``cannot be judged``).
advice--good = 나머지를 모두 다시 조정했을 때 가장 좋은 것의 허용 오차 안에 드는 값. 아직 알 수 없으면 비어 있다.
advice--best_at = 가장 좋은 결과를 낸 값. 고정할 때는 쓸 값: 똑같이 좋은 갈래 가운데서는 가장 좋은 구성의 갈래이되, 다른 갈래의 학습률이 더 너그럽다고 드러나면 그 갈래. 구별되는 값이 없으면 아무 값이나(``any value``).
advice--cost = 나머지를 모두 다시 조정할 때 값을 아무렇게나 고르는 비용: 범위 전체의 평균에서 가장 좋은 것을 뺀 값, 결과의 단위로. 가장 좋은 것을 같은 시행으로 고르므로 추정값과 구간은 그 운을 감안한다. 가장 나쁜 값의 비용보다 크지 않다.
advice--worst_cost = 각각 나머지를 모두 다시 조정했을 때, 그 값이 가장 좋다고 한 값보다 치르는 비용: 결과의 단위로. 둘 다 같은 시행으로 고르며 노이즈만으로도 어떤 값들에서든 가장 나쁜 것과 가장 좋은 것이 생기므로, 추정값과 구간은 둘을 고른 것을 감안한다. 구간이 0 이하에 이르면 둘은 구별되지 않는다.
advice--share = 전체 효과, 전체 효과가 없으면 주효과.
advice--trials = 이 설정이 있는 계획의 시행 수.

best--which = 최선 평균(``best mean``): 반복에 대한 평균이 가장 낮은 것. 가장 너그러운 것(``most forgiving``): 그것과 표준 오차 하나 안에 있고 더 자주 실패하지 않은 것 가운데 가장 나쁜 이웃이 가장 좋은 것. 둘이 같을 수 있다. 반복이 없으면 무엇이 그 안인지 알 수 없고, 이웃이 있는 것이 하나도 없을 수도 있다. 그때는 이 행이 없다.
best--setting = 이 구성에서 쓰이는 설정의 이름. 없으면 비어 있다.
best--level = 이 구성에서 설정의 값.
best--mean = 반복에 대한 구성의 평균, 이 구성의 모든 행에 같은 값. 모두가 같은 반복에서 실행된 것이 아니면, 모든 반복에서 실행되었을 때의 평균. 구간은 반복을 더 하면 나올 값의 구간으로, 가장 좋을 수 있는 여럿 가운데 하나로서의 운과 이 반복들이 쉽거나 어려웠을 가능성을 감안한다. 두 번 실행한 것이 없으면 비어 있다.
best--replicates = 평균을 낸 결과의 수.
best--worst_neighbour = 다른 것은 모두 같고 숫자 하나만 한 단계 다른 구성 가운데 가장 나쁜 것의 평균. 값을 모두 무작위로 뽑아 그런 구성이 없으면 비어 있다.
best--within = 가장 좋은 것과 표준 오차 하나 안에 있는 구성의 수, 자신을 포함하여.

variance_decomposition--kind = 행이 무엇인지. 주효과(``main``): 설정이 혼자 설명하는 것. 전체 효과(``total``): 그 설정이 관여하는 모든 항. 상호작용(``interaction``): 두 설정(``a × b``) 또는 셋 이상(``higher orders``)이 그것을 넘어 함께 하는 것. 노이즈(``noise``): { $noise ->
        [seed] 시드의 몫
       *[other] 어떤 설정으로도 설명되지 않는 몫
    }. 적합 오차(``lack_of_fit``): 대리 모델이 놓치는 것. 갈래 사이(``between``): 갈래들 사이에 있는 것. 반복(``replicate``): 한 반복의 모든 시행이 함께 갖는 것, 분산과는 따로.
variance_decomposition--setting = 설정의 이름, ``a × b``, 또는 행이 무엇인지.
variance_decomposition--share = 반복마다 공통된 몫을 뺀 뒤 한 시행의 결과의 분산에서 차지하는 비율. 노이즈를 보정했으며, 0보다 작은 추정값은 0으로 센다. 알 수 없거나 추정할 수 없으면 비어 있다.

isolation_curves--setting = 이 값들이 어느 설정의 것인지.
isolation_curves--level = 설정의 수준, 또는 같은 값이 거의 되풀이되지 않는 곳에서는 값 묶음의 가운데.
isolation_curves--best = 그 수준에서 가장 좋은 구성의 반복에 대한 평균, 결과의 단위로.
isolation_curves--sd = 그 구성의 반복에 대한 결과의 표본 표준편차. 반복을 있는 그대로 썼다: 쌍 표의 ``best_sd``처럼 함께 갖는 것도 들어 있다. 반복이 하나면 비어 있다.
isolation_curves--diverged_share = 이 수준의 시행 가운데 { diverged }한 것의 비율.
isolation_curves--trials = 이 수준의 시행 수.

pairs--first = 두 설정 가운데 하나.
pairs--first_level = 그 설정의 값, 또는 값 묶음의 가운데.
pairs--second = 다른 설정.
pairs--best = 이 칸에서 나머지를 다시 조정한 구성의 반복에 대한 결과의 평균.
pairs--best_sd = 그 구성의 반복에 대한 결과의 표본 표준편차, 반복이 함께 갖는 것을 포함하여. 반복이 하나면 비어 있다.
pairs--mean = 이 칸의 모든 시행에 대한 결과의 평균: 나머지를 조정하지 않으면 기대할 수 있는 것.
pairs--sd = 이 칸의 모든 시행에 대한 결과의 표준편차.
pairs--diverged_share = 이 칸의 시행 가운데 { diverged }한 것의 비율.
pairs--trials = 이 칸에 있는 시행의 수.

tolerance--setting = 범위가 어느 설정의 것인지.
tolerance--method = 다시 조정(``re-tuned``): 나머지는 모두 자유롭다. 단면(``slice``): 나머지는 모두 갈래의 가장 좋은 구성과 같다. 조정 안 함(``untuned``): 나머지를 고르는 모든 경우의 중앙값이며 { diverged }한 시행은 상한으로 센다. 공통 기준에 대해서만 있다.
tolerance--against = 자신의 최선(``own best``): f*와 f_ref가 갈래 자신의 것이므로 허용 오차도 갈래 자신의 것이다. 전체의 최선(``overall best``): 계획 전체의 것이므로 갈래끼리 비교할 수 있다. 갈래 ``all``(전체)에서는 둘이 같다. 공통 기준(``common bar``): f*는 계획 전체의 것이고 f_ref는 상한이다. 상한을 알 때만 있다. 나쁜 옵티마이저는 중앙값이 나빠 자신의 허용 오차가 후하지만, 이 기준은 누구에게나 같고 노이즈에서 멀다.
tolerance--fraction = W_i와 그 95 % 구간(격자와 { a-seed }에 대하여): (갈래 자신의 범위의) 사전 분포에서 차지하는 비율.
tolerance--decades = 같은 것에 log10(가장 높은 값 / 가장 낮은 값)을 곱한 것: 로그 눈금의 설정에.
tolerance--band = 값을 글로 쓴 것. 구간이 여럿이면 나누어 적는다.
tolerance--best_at = 곡선에서 가장 좋은 결과를 내는 값. 구별되는 값이 없으면 비어 있다.
tolerance--regret = 사전 분포에 대한 곡선의 평균에서 f*를 뺀 값, 결과의 단위로, 95 % 구간과 함께. 다시 조정(``re-tuned``)에서는 곡선의 가장 좋은 값의 운도 뺀다.

optimizer_comparison--branch = 옵티마이저, 이를테면 ``optimizer=adam``.
optimizer_comparison--epochs = 모든 것을 그에 맞추어 조정했을 때 목표까지 가장 적은 { one-epoch } 수.
optimizer_comparison--epochs_place = { one-epoch } 수(``epochs``)에 따른 순위, 1이 가장 좋다. 다른 것과 동률이면 범위로 적는다.
optimizer_comparison--best = 모든 것을 조정했을 때 가장 낮은 결과.
optimizer_comparison--best_place = 가장 좋은 값(``best``)에 따른 순위, 1이 가장 좋다. 다른 것과 동률이면 범위로 적는다.
optimizer_comparison--decades = 좋은 학습률의 자릿수, 허용 폭 표(``tolerance``)에 따라.
optimizer_comparison--decades_place = 자릿수(``decades``)에 따른 순위, 1이 가장 좋다. 다른 것과 동률이면 범위로 적는다.
optimizer_comparison--failed = { diverged }한 시행의 비율.
optimizer_comparison--failed_place = 실패(``failed``)에 따른 순위, 1이 가장 좋다. 다른 것과 동률이면 범위로 적는다.
optimizer_comparison--gain = 조정하여 { default }값보다 얻는 것, 결과의 단위로: 적을수록 조정이 덜 필요하다.
optimizer_comparison--gain_place = 이득(``gain``)에 따른 순위, 1이 가장 좋다. 다른 것과 동률이면 범위로 적는다.
optimizer_comparison--evaluations = 끝까지 학습하는 비용을 학습 집합의 순전파 횟수로 센 것: 기울기를 따르는 한 걸음은 그 미니배치의 셋으로 센다. 아무도 세지 않았으면 비어 있다.

optimizer_differences--quantity = 허용 폭의 자릿수(``decades``) 또는 범위 중 비율(``fraction``), 최선(``best``), { one-epoch } 수(``epochs``).
optimizer_differences--setting = 어느 설정의 허용 폭인지. 다른 양에서는 비어 있다.
optimizer_differences--one = 갈래 하나, 이를테면 ``optimizer=adam``.
optimizer_differences--other = 다른 갈래.
optimizer_differences--value = 앞의 것의 값: 자릿수, 결과, 또는 나머지를 조정했을 때 목표까지의 { one-epoch } 수.
optimizer_differences--other_value = 다른 하나의 값, 마찬가지로.
optimizer_differences--difference = 앞의 것의 값에서 다른 하나의 값을 뺀 것, 95 % 구간과 함께. 폭의 구간은 격자에 대한 것이기도 하다.
optimizer_differences--better = 둘 중 더 나은 것. 구별하거나 비교할 수 없으면 비어 있다.

moving_optimum--of = 가장 좋은 값을 따라가는 설정: 있으면 ``learning_rate``.
moving_optimum--level = 다른 설정의 값.
moving_optimum--best = 거기에서 ``of``의 설정의 가장 좋은 값, 95 % 구간과 함께.
moving_optimum--response = 거기에서 이르는 결과.
moving_optimum_slopes--axis = 기울기의 가로축, ``log10(batch_size)`` 또는 ``log10(1 − beta)``.
moving_optimum_slopes--slope = 그 축에 대한 log10(가장 좋은 값)의 최소제곱 기울기, 95 % 구간과 함께.
moving_optimum_slopes--critical = ε / (1 + B / 배치 크기)의 임계 배치 크기 B, 예의 수로: 가장 좋은 학습률이 그 극한의 절반이 되는 값, 95 % 구간과 함께. 다른 설정이거나, 배치 크기가 넷보다 적거나, 한 자릿수 안에서 꺾이는 것이 드러나지 않으면 비어 있다.
moving_optimum_slopes--levels = 기울기를 맞춘 다른 설정의 수준 수.
moving_optimum_slopes--at_edge = 그 가장 좋은 값 가운데 범위의 끝에 있는 것의 수.

momentum_rescaling--branch = ``optimizer=momentum`` 따위. 갈래를 만드는 것이 없으면 ``all``(전체).
momentum_rescaling--axis = ``learning_rate`` 또는 ``learning_rate / (1 − beta)``, 설정의 이름으로.
momentum_rescaling--interaction = 학습률과 β의 상호작용, 창 안에서 (보간한) 한 시행의 분산에서 차지하는 비율로.
momentum_rescaling--rate = 학습률의 주효과, 같은 방식으로.
momentum_rescaling--beta = β의 주효과, 같은 방식으로.

divergence_by_level--setting = 설정. 갈래 전체이면 비어 있다.
divergence_by_level--level = 그 설정의 수준, 또는 수준의 묶음.
divergence_by_level--trials = 거기에 있는 시행의 수.
divergence_by_level--diverged = 거기에서 { diverged }한 시행의 수.
divergence_by_level--fraction = 모든 시행 가운데 { diverged }한 시행의 비율.
capped_and_survivors--kind = 전체 효과(``total``) 또는 주효과(``main``): 두 순위를 어느 지수로 매기는지.
capped_and_survivors--capped_share = { diverged }한 시행을 상한으로 센 비율, 분산 분해와 같다: Sobol 지수다.
capped_and_survivors--capped_rank = 그것의 순위, 1 = 가장 큼.
capped_and_survivors--survivors_share = 살아남은 시행만의 비율: Sobol 지수가 아니다. 모든 시행이 살아남은 때 말고는 구간이 비어 있다.
divergence_by_pair--first = 한 설정.
divergence_by_pair--first_level = 그 설정의 수준.

tunability--branch = ``all``(전체: { default } 옵티마이저는 x⁰의 일부다) 또는 ``optimizer=adam``.
tunability--setting = 설정. 함께 얻는 이득에는 모두 함께(``all together``).
tunability--default = x⁰에서의 값. 쓰이지 않으면 비어 있다.
tunability--kind = 이득(``gain``): 혼자 조정하여 얻는 것. { default }값에서의 손해(``cost at default``): 나머지가 모두 { default }값일 때 가장 나쁜 수준과 { default }값의 차이. 다시 조정한 손해(``cost re-tuned``): 나머지를 모두 다시 조정했을 때 가장 나쁜 수준과 가장 좋은 수준의 차이에서 둘의 운을 뺀 것, 곧 가장 나쁜 값의 비용.
tunability--amount = 결과의 단위로, 95 % 구간과 함께 (어느 것도 음수일 수 없다).
tunability--level = 그 크기를 내는 값. 대리 모델로 어느 것인지 알 수 없으면 비어 있다.

best_after_k--k = 시행의 수, 1 … min(n, 100).
best_after_k--best = 기대되는 가장 좋은 결과와 그 95 % 구간 (구성에 대한 부트스트랩, 반복은 모두 함께).
best_after_k--decile_10 = 시행 k번의 탐색 열 가운데 여덟은 이것과 다음 열 사이의 결과로 끝난다.
best_after_k--decile_90 = 같은 것의 위쪽 끝.

among_best--among_best_share = 가장 좋은 것들에 드는지를 나타내는 변수의 분산에서 차지하는 일차 비율.
among_best--global_main_share = 값 자체에 대한 주효과, 분산 분해와 같다. 견주기 위한 것이다.

noise_sources--source = ``initial weights``(초기 가중치), ``minibatch order``(미니배치 순서), ``split of the data``(데이터 분할). ``rest``(나머지): 이들 가운데 둘이나 셋이 함께여야만 하는 것.
noise_sources--of_noise = 한 구성의 결과가 시드에 따라 갖는 분산에서 차지하는 비율, 구성에 대한 평균. 잘라 내지 않았다: 아무것도 하지 않는 근원은 0 둘레에 흩어진다.
noise_sources--of_variance = 같은 것을 한 시행의 결과의 분산에서 차지하는 비율로: 모든 구성, 모든 시드.
noise_sources--deviation = 한 구성에서 그것이 일으키는 결과의 표준편차. 분산의 추정값이 0보다 작으면 비어 있다.

training_speed--setting = 수준이 어느 설정의 것인지. 비어 있으면 갈래 전체.
training_speed--level = 값을 글로 쓴 것, 또는 값 묶음의 두 끝.
training_speed--trials = 시행의 수.
training_speed--reached_share = 학습하는 동안 목표에 이르는 시행의 비율과 그 95 % 구간. 언제인지 기록되지 않았으면, 곧 곡선이나 목표가 없으면 비어 있다.
training_speed--median_epochs = 목표까지 { one-epoch } 수의 중앙값과 그 구간. 비어 있으면 절반이 이르지 못한 것이다. 중앙값이 있고 위쪽 끝이 비어 있으면 절반이 이르지 못할 수도 있다.
training_speed--fastest_epochs = 모든 반복이 목표에 이르는 구성 가운데, 반복에 대한 평균 { one-epoch } 수가 가장 적은 것: 나머지를 모두 빠르기에 맞추어 조정했다. 최솟값이므로 구성이 많은 수준에 유리하다.
training_speed--area = 학습하는 동안 지표 곡선의 평균 높이({ one-epoch }에 대한 사다리꼴 공식을 그 수로 나눔). 상한을 두었고, 마지막으로 유한한 { one-epoch } 뒤는 상한으로 채웠다. 평균의 95 % 구간. 곡선이 없으면 비어 있다.

learning_curves--branch = ``optimizer=adam``. 시행의 옵티마이저가 하나이거나 없으면 ``all``(전체).
learning_curves--setting = 단면을 따라 바뀌는 설정. 따라갈 수치 설정이 없으면 비어 있다.
learning_curves--level = 그 설정의 값.
learning_curves--epoch = 0 = 초기 상태. 남의 시행에서는 단계.
learning_curves--mean = 이 { one-epoch } 뒤 반복들의 평균 곡선, 지표의 단위로.
learning_curves--replicates = 있는 반복의 수.
learning_curves--diverged = 그 가운데 이 { one-epoch }까지 { diverged }한 것의 수.
learning_curves--configuration = 단면을 따라 고정된 것, 글로.

sensitivity_over_epochs--epoch = { one-epoch }, 1부터.
sensitivity_over_epochs--kind = 계획이 균형 잡힌 요인 설계이면 주효과(``main``)와 전체 효과(``total``). 그 밖에는 구간별 주효과(``binned``), 곧 값을 묶어 구한 주효과로 순위의 것과 다른 추정값이다. 노이즈(``noise``), 값을 묶으면 구간별 노이즈(``binned_noise``).
sensitivity_over_epochs--setting = 설정의 이름, 또는 ``seed``({ noise }).
sensitivity_over_epochs--share = 그 { one-epoch } 뒤의 값의 분산에서 차지하는 비율.
early_or_late--early_share = 첫 { one-epoch } 뒤의 비율.
early_or_late--late_share = 마지막 { one-epoch } 뒤의 비율.
early_or_late--peak_epoch = 비율이 가장 큰 { one-epoch }.
early_or_late--change = 마지막 { one-epoch } 뒤의 비율에서 첫 { one-epoch } 뒤의 비율을 뺀 것. 구간은 둘을 독립으로 본다.

stability--comparison = 반복(``replicates``): 반복 하나씩. 지표(``metrics``): 다른 지표. 부분 집합(``subsets``): 무작위 부분 집합을 모든 시행과. 절반(``halves``): 두 절반을 서로.
stability--against = 두 반복, 다른 지표, 또는 그 부분을 견주는 상대.
stability--trials = 더 작은 쪽의 순위가 바탕을 둔 시행의 수.
stability--repetitions = 이 행이 합친 비교의 수.
stability--tau = 평균 Kendall τ_b: 1은 같은 순서, 0은 관계없음.
stability--same_first = 첫째 설정이 같은 되풀이의 비율.
stability--same_top3 = 처음 세 설정과 그 순서가 같은 것의 비율.
stability--same_order = 전체 순서가 같은 것의 비율.

comparison--run = 실행의 이름.
comparison--kind = 전체 효과(``total``) 또는 주효과(``main``): 순위가 어느 비율에서 오는지.
comparison--share = 그 비율.
comparison--rank = 그 실행에서 설정의 순위, 1 = 가장 큰 비율.
comparison--mean_rank = 이 실행들에 대한 평균.
comparison--kendall_w = 모든 실행에 있는 설정에 대한 일치도 W: 1 = 모두 일치, 0 = 전혀 아님. 실행이 둘이면 (1 + Spearman 상관) / 2이다.
