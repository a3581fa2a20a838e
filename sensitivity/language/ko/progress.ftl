# 스윕의 진행과 결과가 있는 곳.

complete = 이미 끝났다: 시행 { $count }개.
going-on = 기록된 시행 { $count }개에 이어서 계속한다.
open-it = 브라우저로 연다
trials = 시행 { $done }/{ $all }
left = { $time } 남음
diverged-so-far = { $count }개 발산
trained-here = 여기서 { $count }개 학습: { $diverged }
failed = { $count }개 실패
best = 최선 { $value }
pictures = 그림 { $count }개, PNG, SVG, PDF
tables = 표 { $count }개; ranking.csv부터
drawing = 그리는 중
images = PNG와 PDF 파일
measuring = 재는 중
loading = { JOSA($name, "을/를") } 불러온다.
cluster-unused = 참고: 학습할 것이 남지 않아 --cluster는 쓰지 않는다.
printed = 함수가 출력한 것
planned = { $what ->
        [networks] 신경망
       *[trials] 시행
    } { $count }개 계획({ $design }){ $search ->
        [0] { "" }
       *[other] , 탐색 { $search }개
    }
trained-by = { JOSA($engine, "으로/로") } 학습
no-search = 참고: 탐색이 없으면(search = 0) search_sampler = "{ $sampler }"는 아무것도 바꾸지 않는다.
note = 참고: { $note }
epochs-on = { $data }{ $classes ->
    [all] {""}
   *[other] {" "}(클래스 { $classes })
}, { $epochs }에폭
objective = 목적 함수 { $name }
never-active = { JOSA($name, "은/는") } 변하지 않는다. 이 스윕의 어떤 구성에도 없다.
nothing-begun = 시작한 것이 없다. 같은 명령을 다시 준다.
nothing-recorded = 아직 기록된 시행이 없다. { $folder }에 정의가 있다. 이어 하기: { $command }
kept = 기록된 것은 { $folder }에 있다. 이어 하기: { $command }
recorded = 시행 { $all }개 가운데 { $done }개를 기록했다. 이어 하기: { $command }
trainings-recorded = 학습 { $all }번 가운데 { $done }번을 기록했다. 이어 하기: { $command }
others-go-on = 나머지는 계속한다. 다시 참여하기: { $command }
trained-kept = 학습한 것은 기록했다. 같은 명령으로 이어진다.
nothing-lost = 잃은 것은 없다. 같은 명령을 다시 준다.
compiling = 신경망 학습을 이 컴퓨터에서 한 번 컴파일한다. 20초쯤 걸린다
compiling-each = 컴파일한 것을 둘 곳이 없어, 프로세스마다 신경망 학습을 20초쯤 컴파일한다. NUMBA_CACHE_DIR에 쓸 수 있는 폴더를 주거나 --engine numpy를 쓴다
