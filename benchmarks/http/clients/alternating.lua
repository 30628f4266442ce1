-- Every other request of a connection is a good one.
local bad = false

function request()
  bad = not bad
  return wrk.format("GET", bad and "/block?ms=100" or "/")
end
