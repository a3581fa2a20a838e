# 페이지 자체에 쓰인 말: 제목, 안내, 질문.

product = 민감도 보고서
setting = 설정
costs = 가장 나쁜 값의 손해:
answer = 답
sections = 질문
decides = 무엇이 결과를 결정하는가?
tune = 무엇을, 어느 값 사이에서 조정할까?
forgives-rate = 각 { JOSA($branch, "은/는") } 어떤 { JOSA($rate, "을/를") } 견디는가?
forgives = 설정이 가장 좋은 값에서 얼마나 벗어나도 되는가?
sure = 얼마나 확실한가?
failed = 무엇이, 어디에서 { diverged }했는가?
when = 얼마나 빠르며, 무엇이 처음에 또는 나중에 중요한가?
what-next = 다음에 무엇을 실행할까?
meaning = 낱말은 무슨 뜻인가?
from-where = 이 결과는 어디에서 왔는가?
how-to-read = 읽는 법.
rows-of = { $total }행 중 { $shown }행
sort = 열 제목을 누르면 정렬된다.
table = 표 { $name }
warnings = 주의할 점
more-warnings = 주의할 점 { $count }개 더
no-warnings = 주의할 점이 발견되지 않았다. 살펴본 것: 너무 적은 시행, 많은 { diverged }, 고르지 않은 계획, 모자란 반복과 넓은 구간, 설정을 가리는 노이즈, 범위 끝에 있는 가장 좋은 값, 대부분 상호작용인 효과.
notes = 시행에 대한 참고
words = 낱말
of-the-ranges = 모든 비율은 시도한 범위에 대한 것이다. 한 설정의 범위를 두 배로 하면 그 비율도 커진다.
origin = 출처
definition = 스윕의 정의
versions = 버전
again = 다시 만들기
question = { JOSA($metric, "은/는") } 각 설정에 얼마나 민감한가?
fact-trials = 시행
fact-configurations = 구성
fact-replicates = 반복
fact-settings = 설정
fact-cap = 어떤 시행도 이보다 { $side ->
    [below] 작게
   *[above] 크게
} 세지 않음
quoted = ‘{ $title }’
left-out = 이 시행들에 해당하는 것이 없어 뺀 것: { $titles }.
no-picture = { $name } 그림은 없다: { $why }.
again-trials = 기록된 시행으로 이 페이지를 다시 만든다
again-training = 위의 정의를 sweep.toml로 저장하여 모두 다시 학습한다
