# 경고: 표를 읽는 사람이 조심할 것.

no-trials = 시행이 없어 아무것도 판단할 수 없다.
more = … 외에 경고 { $count }개: { $kinds }.
about-copies = 설정으로 읽은 결과 { $count }개
about-trials = 시행 수 { $count }개
about-divergence = { diverged } { $count }개
about-balance = 실험 계획 { $count }개
about-replicates = 반복 { $count }개
about-noise = 노이즈 { $count }개
about-edge = 범위 끝의 가장 좋은 값 { $count }개
about-stability = 순위의 안정성 { $count }개
about-gains = 조정 이득 { $count }개
about-interaction = 상호작용 { $count }개
nothing-varies = 변하는 설정이 없어 비교할 것이 없다.
pruned = 시행 { $all }개 가운데 { $count }개는 중간에 잘려(pruned) 제외했다. 어떻게 끝났을지는 알 수 없다. 더 좋은 시행만 남았으므로 해로운 설정의 영향이 작게 나타난다.
few-trials = 시행이 { $count }개뿐이라 판단하기에 너무 적다.
uneven = 시행이 범위에 고르게 퍼져 있지 않다(적응형 탐색이거나 계획이 중간에 끝났다). 비율은 그래도 고른 범위를 가정해 추정한 대략의 값이고, 수준끼리의 비교는 다른 설정도 다른 시행들 사이의 비교다. 무작위 시행을 서른 개쯤 더하면 비율을 판단할 수 있다.
missing = 격자의 구성 { $all }개 가운데 { $count }개가 { $why ->
        [never] 실행되지 않았다
        [failed] 실행할 때마다 실패하여 결과가 없다
       *[both] 결과가 없다({ $failed }개는 실행할 때마다 실패했고 { $never }개는 실행되지 않았다)
    }
gaps-exact = { $missing }. 그 결과는 나머지로 예측했고, 예측이 빗나갈 수 있는 만큼 구간이 넓다.
gaps = { $missing }. 그래서 비율은 시행에 맞춘 대리 모델에서 나오고, 설정의 값은 다른 설정도 다른 시행들로 비교한다.
never-run = 격자의 구성 { $all }개 가운데 { $count }개만 실행했다. 그래서 비율은 시행에 맞춘 대리 모델에서 나오고, 설정의 값은 다른 설정도 다른 시행들로 비교한다.
fewer-replicates = 구성 { $all }개 가운데 { $count }개는 반복이 다른 구성보다 적다({ $most }번이 아니라 { $least }번). 그래서 평균이 덜 확실하다{ $exact ->
        [yes] .
       *[no] . 비율도 정확한 합이 아니라 대리 모델에서 나온다.
    }
few-repeated = 구성 { $all }개 가운데 { $count }개만 두 번 이상 실행했다: { the-noise }는 이것들로만 알 수 있어 작은 차이는 운일 수 있다. 모든 구성을 { $trial ->
        [network] 서로 다른 시드로
       *[trial] 되풀이하여
    } 두 번 이상 실행한다.
nothing-twice = 두 번 실행한 구성이 없어 { the-noise }를 알 수 없고, 작은 차이는 운일 수 있다. 모든 구성을 { $trial ->
        [network] 서로 다른 시드로
       *[trial] 되풀이하여
    } 두 번 이상 실행한다.
nothing-twice-but-smooth = 두 번 실행한 구성이 없다. 노이즈는 { JOSA($along, "을/를") } 따라 결과가 얼마나 매끄러운지로 추정했으므로 작은 차이는 운일 수 있다. 모든 구성을 { $trial ->
        [network] 서로 다른 시드로
       *[trial] 되풀이하여
    } 두 번 이상 실행한다.
nothing-twice-but-interactions = 두 번 실행한 구성이 없다. 여러 설정이 함께라야 설명되는 부분을 노이즈로 보았으므로 작은 차이는 운일 수 있다. 모든 구성을 { $trial ->
        [network] 서로 다른 시드로
       *[trial] 되풀이하여
    } 두 번 이상 실행한다.
wide = 구간이 넓다: { $name }의 구간은 분산의 { $width }에 걸쳐 있다. 반복이나 구성을 늘리면 좁아진다.
noise-hardly-known = { The-noise }를 거의 알 수 없다: 분산에서 차지하는 비율이 [{ $low }, { $high }] % 안에 있다. 더 많은 구성을 두 번 실행하거나 반복을 늘린다.
noise-or-misfit = 분산의 { $share }는 어떤 설정으로도 설명되지 않고, 그것이 무엇인지 알 수 없다. 노이즈라면 시행 하나는 그 구성에 대해 말해 주는 것이 적다. 대리 모델이 놓친 효과라면 전체 효과가 표시된 것보다 크다.
much-noise = { $known ->
        [yes] { $noise ->
            [seed] 시드
           *[other] 노이즈
        }만으로 분산의 { $share }가 설명된다
       *[no] 분산의 { $share }는 어떤 설정으로도 설명되지 않는다
    }: 시행 하나는 그 구성에 대해 말해 주는 것이 적으므로 여러 { many-seeds }의 평균을 비교한다.
lack-of-fit = 비율의 바탕이 된 대리 모델이 분산의 { $share }를 놓친다. 그것은 어떤 설정이나 상호작용의 몫이므로 전체 효과가 표시된 것보다 클 수 있다.
depends = { $name }: 효과의 대부분({ $total } 가운데 { $part } %)이 다른 설정에 달려 있다. 함께 고르거나, 이 설정을 고정한 뒤 나머지를 조정한다.
partner = 가장 크게 상호작용하는 설정: { $name } ({ $share }).
depends-part = { $name } ({ $total } 가운데 { $part } %)
depend-as-well = { $names }도 효과의 대부분이 다른 설정에 달려 있다.
copy = { JOSA($name, "은/는") } 결과와 거의 일대일로 움직인다(순위 상관 { $correlation }). 설정이 아니라 또 다른 결과일 것이다. --ignore { $quoted } 옵션으로 뺀다.
all-diverged = 시행 { $count }개가 모두 { diverged }했다: 어떤 설정도 판단할 수 없다.
much-diverged = 시행의 { $share }가 { diverged }했다({ $all }개 가운데 { $count }개). 이들은 모두 같은 값으로 세므로, 모든 효과의 상당 부분은 나머지가 얼마나 좋은지가 아니라 무엇이 { diverged }하는지에 대한 것이다.
level-diverged = { $name } 값이 { $levels }인 시행이 모두 { diverged }했다: 범위를 좁힌다. 그러지 않으면 이 효과는 대부분 { diverged } 때문이다.
rose = 시행 { $count }개는 { $metric } 값이 상수 예측보다 좋은데도(중앙값 { $median }) 학습 손실이 처음보다 높게 끝났다: 이런 { $trial ->
        [network] 신경망은
       *[trial] 시행은
    } 틀린 곳에서 매우 확신한다. 자기 값으로 센다.
unsettled = 순위가 정해지지 않았다. { $of ->
        [replicates] 반복
       *[trials] 시행
    }을 절반으로 나누면 두 절반의 첫째 설정이 같은 경우가 { $share }뿐이다. 시행이나 반복을 늘리면 정해진다.
first-settled = 첫째 설정은 정해졌다. { $of ->
        [replicates] 반복
       *[trials] 시행
    }이 절반이면 처음 셋의 순서는 정해지지 않는다: 두 절반의 순서가 같은 경우가 { $share }이고, 모두 써도 구간이 겹친다.
no-gain = { $known ->
        [yes] 이 도구의 기본값이나 시도한 가장 가까운 값
       *[no] 범위{ $named ->
            [yes] {"나 이름 목록"}
           *[no] {""}
        }의 가운데 값
    }({ $defaults })으로 이미 충분할 수 있다. 모두 조정해도 그보다 { $size } 나아질 뿐이고, 이는 0일 수도 있다. “조정”은 조정한다면 어디를 볼지를 말한다.
far = 결과 { $all }개 가운데 { $count }개({ $same ->
        [yes] { $worst }
       *[no] { $worst } ~ { $nearest }
    })가 나머지 모두({ $side ->
        [least] { $others } 이상
       *[most] { $others } 이하
    })와 멀리 떨어져 있다. 실패한 { $trial ->
        [network] 학습
       *[trial] 시행
    }으로 보인다.
far-at = { $name } { $levels }
far-where = { $where }인 것 전부이다.
far-cap = --cap { JOSA($cap, "을/를") } 주면 나머지 가운데 가장 나쁜 것보다 나쁘게 세지 않는다.
edge = { edge-what }: 최적은 그 너머일 수 있다. 범위를 넓힌다.
edge-what = 가장 좋은 { $name } 값 { JOSA($best, "이/가") } 시도한 값 가운데 { $place ->
        [last] 가장
       *[near] 거의 가장
    } { $end ->
        [lowest] 낮다
       *[highest] 높다
    }
edge-two = { $first }. { $second }
edge-idle = { $what }. 그러나 나머지를 조정하면 시도한 모든 값이 최선의 허용 오차 안에 들므로 그 너머에서 얻을 것은 적다.
edge-alone = 시도한 { $name } 값 가운데 가장 { $end ->
        [lowest] 낮은
       *[highest] 높은
    } { $best }만 좋다: 그 값에 고정하거나, 최적이 그 너머일 수 있으니 범위를 넓힌다.
edge-optimizers = 옵티마이저 { $all }개 가운데 { $count }개
edge-of = { $who }의 가장 좋은 { $name } 값은 시도한 값 가운데 가장 { $end ->
        [lowest] 낮다
       *[highest] 높다
    }: 최적은 그 너머일 수 있다. 범위를 넓힌다.
