# 여러 데이터셋을 함께 본 결과: 데이터셋이 여럿인 `sweep`, `compare`, 그 페이지.

dataset-of = { $name } ({ $number }/{ $all })
title = { $name }: 모든 데이터셋을 함께
product = sensitivity 데이터셋 비교
lead = 무엇을 모든 데이터셋에 한 번만 정하고, 무엇을 데이터셋마다 조정해야 하는가?
answer = 답
fact-datasets = 데이터셋
fact-configurations = 모두에 있는 구성
fact-replicates = 반복
fact-settings = 설정

cost = 모든 데이터셋에 구성 하나({ $configuration })를 쓰면 데이터셋마다 조정할 때보다 점수를 { $cost } 잃는다. 그 구성은 { $one }, 데이터셋마다 조정하면 { $tuned }에 이른다.
cost-nothing = 모든 데이터셋에 구성 하나({ $configuration })를 써도 드러나게 잃는 것이 없다(많아야 점수 { $cost }). 그 구성은 { $one }, 데이터셋마다 조정하면 { $tuned }에 이르며, 뒤의 것에는 가장 좋은 것을 고른 운이 들어 있다.
cost-unsure = 모든 데이터셋에 구성 하나({ $configuration })를 쓰면 얼마를 잃는지는 점수 { $cost }보다 정확히 알 수 없다. 그 구성은 { $one }, 데이터셋마다 조정하면 { $tuned }에 이른다.
cost-alone = 모든 데이터셋에 구성 하나({ $configuration })를 쓰면 데이터셋마다 조정할 때보다 점수를 { $cost } 잃는다. 그 구성은 { $one }, 데이터셋마다 조정하면 { $tuned }에 이른다. 모든 데이터셋에 반복이 있지는 않아 그중 얼마가 운인지 알 수 없다.
nothing-to-tune = 그 구성만으로 모두 조정한 점수의 95 % 이상에 이른다. 설정 { $count }개 중 다시 조정할 것은 없다.
few-to-tune = { $count ->
    [1] 데이터셋마다 조정한 점수의 95 % 이상에 이르려면 { JOSA($names, "을/를") } 데이터셋마다 조정해야 한다
   *[other] 설정 { $tuned }개({ $names })만 데이터셋마다 조정하고 나머지를 그 구성에 두면, { $count }개를 모두 조정한 점수의 95 % 이상에 이른다
} (유효 차원 { $tuned }).
some-to-tune = { $count }개를 모두 조정한 점수의 95 % 이상에 이르려면, 나머지를 그 구성에 둔 채 데이터셋마다 조정할 설정은 { $low }~{ $high }개다(유효 차원). 이 시행들로는 더 좁힐 수 없다{ $tuned ->
    [0] {""}
   *[other] . 가장 그럴듯한 수는 { $tuned }개({ $names })다
}.
few-by-luck = 운까지 포함한 이 시행들에서는 { $tuned ->
    [0] 그 구성만으로
   *[other] 설정 { $tuned }개({ $names })만 데이터셋마다 조정하고 나머지를 그 구성에 두면
} { $count }개를 모두 조정한 점수의 95 % 이상에 이른다 (유효 차원 { $tuned }).
once = 한 번만 정하면 되는 설정: { $names }.
per-dataset = 데이터셋마다 조정할 설정: { $names }.
unknown = 이 시행들로는 판단할 수 없는 설정: { $names }.
to = { $low }~{ $high }
set-to = { $name } { $level }

datasets-title = 데이터셋마다 잃는 것
datasets-how = 데이터셋마다 가장 좋은 구성과, 공통 구성이 거기서 이르는 결과. 점수는 한 결과를 그 데이터셋의 모든 결과 가운데 나쁜 5 % 경계(0)와 좋은 5 % 경계(1) 사이에 놓은 것이다.
settings-title = 한 번만 정할 것과 데이터셋마다 조정할 것
settings-how = 이 설정 하나만 모든 데이터셋에 같은 값으로 두고 나머지는 데이터셋마다 조정할 때 잃는 점수. 대괄호는 같은 데이터셋에서 새로 반복할 때의 95 % 구간. 가장 좋은 값을 고른 운은 반복의 절반들에서 드러나는 만큼 뺀다. ‘한 번만’: 구간의 위 끝도 { $margin }, 곧 조정한 점수의 20분의 1을 넘지 않는다.
ranking-title = 어디서나 같은 설정이 중요한가?
ranking-how = 데이터셋마다 분산에서 차지하는 비율로 매긴 설정의 순위. 1이 가장 크다.

dataset = 데이터셋
setting = 설정
result = 결과
best-there = 가장 좋은 구성
best-result = 가장 좋은 { $metric }
one-result = 공통 구성의 결과
lost = 잃는 점수
what-to-do = 할 일
cost-once = 한 번만 정할 때 잃는 점수
own-levels = 데이터셋마다 가장 좋은 값
once-verdict = 한 번만: { $level }
per-dataset-verdict = 데이터셋마다 조정
unknown-verdict = 판단할 수 없음
no-interval = 반복이 없어 구간 없음

note-shared = { $name }: 구성 { $count }개 중 모두에 있는 { $shared }개만 센다.
note-fixed = 모두에 있는 구성에서는 값이 하나뿐이라 말할 수 없는 설정: { $names }.
note-copies = { $names }: 표의 모든 결과가 행을 복사한 것처럼 { $count }번씩 나온다. 한 번씩만 센다.
note-alone = { $names }에서 두 번 실행한 구성이 없어 구간을 낼 수 없다.
note-failures = 실패한 시행은 제 데이터셋의 가장 나쁜 결과로 센다: { $names }.
note-failed = 결과가 있는 시행이 하나도 없어 뺀 데이터셋: { $names }.
note-nameless = { JOSA($column, "이/가") } 비어 있어 뺀 시행: { $count }개.
note-flat = 결과가 거의 같아 뺀 데이터셋: { $names }.
note-defined = Adkins, Bowling & White (2024)의 정의(하이퍼파라미터 민감도)대로면 공통 구성 하나로 { $lucky ->
    [no] 잃는 점수가 없다. 그 구성이 모든 데이터셋에서 가장 좋다.
   *[yes] 잃는 점수는 { $cost }. 데이터셋마다 가장 좋은 것을 고른 반복으로 평가까지 하므로 운이 들어 있고, 반복이 적을수록 많다.
}
note-metrics = 지표가 서로 다르다({ $names }). 결과는 저마다 제 데이터셋의 나쁜 5 %와 좋은 5 % 경계 사이에서 센다.
note-differ = { JOSA($name, "과/와") } { $other }의 차이는 데이터셋만이 아니다({ $keys }). 아래 결과에는 두 차이가 함께 들어 있다.
note-noise = 가장 좋은 구성들에서 시행 하나의 노이즈(점수): { $names }.
notes = 참고
pages = 데이터셋별 페이지
