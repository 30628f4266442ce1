-- Calls one path again and again, waits as long as it is told to when it is refused, and counts answers by the second.
local pauses = {}
local threads = {}
refused = 0
answered = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function response(status, headers)
  if status == 503 then
    refused = refused + 1
    pauses[#pauses + 1] = 1000 * (tonumber(headers["Retry-After"] or headers["retry-after"]) or 1)
  elseif status == 200 then
    local second = tostring(os.time())
    answered[second] = (answered[second] or 0) + 1
  end
end

-- Asked before each request. It may be another connection's than the refused one's: what counts is how many wait.
function delay()
  return table.remove(pauses) or 0
end

function done()
  for _, thread in ipairs(threads) do
    io.write("Refused: ", thread:get("refused"), "\nAnswered:")
    for second, count in pairs(thread:get("answered")) do
      io.write(" ", second, "=", count)
    end
    io.write("\n")
  end
end
