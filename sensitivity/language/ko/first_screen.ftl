# 시행을 어떻게 읽었는지와 첫인상.

first-look = 첫눈에
first-look-at = 약 { $all }개 가운데 시행 { $count }개로 본 첫인상:
by-itself = 설정 하나가 혼자 설명하는 분산: { $shares }; 상호작용과 노이즈는 이어서
settings = 설정
no-settings = 없음
result = 결과
replicates = 반복
taken-as = 역할
left-out = 제외
otherwise = 다르게
better = { $metric }, { $better ->
        [higher] 높을수록
       *[lower] 낮을수록
    } 좋다
setting = { $scale ->
        [names] 이름
        [list] 목록
        [log] 로그
       *[linear] 선형
    }, 값 { $count }개
where = { $conditions }일 때
condition = { $name } = { $levels }
more = 외 { $count }개
no-replicates = 없음: 모든 구성을 한 번씩만 실행하여 되풀이 사이의 노이즈를 알 수 없다
folds = 폴드 { $count }개 ({ $first }, …)
up-to = 한 구성에 많으면 { $count }번
branches-by = 갈래: { $name }
rate = 학습률: { $name }
in-doubt = 의심스러워 순위에서 뺌
no-name = (이름 없음)
why-empty = 비어 있음
why-constant = 변하지 않음
why-identity = 행을 가리키는 이름
why-state = 시행이 끝난 상태
why-clock = 시간 또는 자원
why-result = 다른 결과
why-compound = 다른 설정을 합친 것
why-twin = 다른 설정과 일대일로 움직임
why-format = 파일에서의 위치상 설정이 아님
why-budget = 시행에 준 예산
why-ignored = 지정한 대로
by-name = 이름으로
as-told = 지정한 대로
by-study = 스터디에 적힌 대로
