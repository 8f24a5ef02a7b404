/** The picture beside the sign-in form: containers on two hosts, one segment, and the fire that it is for. Decorative. */
export function Embers() {
  return (
    <div aria-hidden="true" className="hidden items-center justify-center border-l bg-sunken lg:flex">
      <svg aria-hidden="true" viewBox="0 0 480 420" fill="none" className="w-full max-w-xl px-10">
        {[56, 260].map((x) => (
          <g key={x}>
            <rect x={x} y="150" width="164" height="118" rx="8" className="fill-surface stroke-border" />
            {[x + 14, x + 88].map((at) => (
              <g key={at}>
                <path d={`M${at + 31} 226v94`} className="stroke-control" />
                <rect x={at} y="176" width="62" height="50" rx="6" className="fill-raised stroke-control" />
                <circle cx={at + 16} cy="192" r="4.5" className="stroke-ok-solid" strokeWidth="1.5" />
                <path d={`M${at + 28} 192h22M${at + 12} 208h38`} className="stroke-border" strokeWidth="4" strokeLinecap="round" />
                <circle cx={at + 31} cy="320" r="5" className="fill-accent" />
              </g>
            ))}
          </g>
        ))}
        <path d="M32 320h416" className="stroke-accent" strokeWidth="3" strokeLinecap="round" />
        <path
          d="M246 40c3 20-4 31-14 43-3-6-4-11-4-18-18 16-32 35-32 58 0 27 20 45 45 45s45-18 45-44c0-33-28-49-40-84Z"
          className="fill-accent-soft stroke-accent"
          strokeWidth="2"
          strokeLinejoin="round"
        />
        <path d="M241 156c-12 0-21-8-21-20 0-13 11-20 17-34 12 10 25 21 25 35 0 11-9 19-21 19Z" className="fill-accent" />
        {[
          [186, 62, 2.5],
          [292, 48, 3],
          [306, 92, 2],
          [172, 108, 2],
          [268, 22, 2],
          [214, 26, 1.5],
        ].map(([cx, cy, r]) => (
          <circle key={`${cx}`} cx={cx} cy={cy} r={r} className="fill-accent" />
        ))}
      </svg>
    </div>
  );
}
