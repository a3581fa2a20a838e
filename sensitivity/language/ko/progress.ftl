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
