export default function nothing(n) {
  return n
}
