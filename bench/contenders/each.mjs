// What a program writes around a pool that runs one call at a time.

export function each(call) {
  return (method, list, onFirst) => {
    const results = list.map((argument) => call(method, argument))
    if (onFirst) results[0].then(onFirst)
    return Promise.all(results)
  }
}
