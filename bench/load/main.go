// Command load measures Tandem beside nginx, both in front of the same
// upstream, and prints its figures as Markdown. See docs/benchmarks.md.
//
//	load run -root REPOSITORY [-fast] [-steps paced,kept]
//	load upstream ADDRESS
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	upstreamAddr = "127.0.0.1:9710"
	tandemAddr   = "127.0.0.1:9711"
	nginxAddr    = "127.0.0.1:9712"
	grpcConns    = 8
)

const nginxConf = `
worker_processes auto; daemon off; pid nginx.pid; error_log nginx-error.log warn;
worker_rlimit_nofile 16384; events { worker_connections 8192; }
http {
  access_log off; client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  client_body_buffer_size 64k; keepalive_requests 10000000; tcp_nodelay on;
  upstream model { server ` + upstreamAddr + `; keepalive 2048; keepalive_requests 10000000; }
  server { listen ` + nginxAddr + ` backlog=4096;
    location / { proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } }
}`

// A target is a server under test, seen over one wire.
type target struct {
	name string
	wire wire
	*process
}

// A bench holds what the steps share. With fast, its figures mean nothing.
type bench struct {
	root, dir string
	fast      bool
	steps     string
	targets   []target
}

func main() {
	log.SetFlags(0)
	if len(os.Args) == 3 && os.Args[1] == "upstream" {
		log.Fatal(serveUpstream(os.Args[2]))
	}
	if len(os.Args) < 2 || os.Args[1] != "run" {
		log.Fatal("usage: load run -root REPOSITORY [-fast]")
	}
	b := &bench{}
	flags := flag.NewFlagSet("run", flag.ExitOnError)
	flags.StringVar(&b.root, "root", ".", "the repository, or an unpacked distribution")
	flags.BoolVar(&b.fast, "fast", false, "a tenth of the time, to try the set-up")
	flags.StringVar(&b.steps, "steps", "", "only these: start,whole,fast,paced,kept,silent,leave")
	flags.Parse(os.Args[2:])
	if err := b.run(); err != nil {
		log.Fatal("bench: ", err)
	}
}

func (b *bench) run() (err error) {
	if b.root, err = filepath.Abs(b.root); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp("", "tandem-bench"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	up, err := start(b.dir, nil, self, "upstream", upstreamAddr)
	if err != nil {
		return err
	}
	defer up.stop()
	if err := awaitAnswer("http://"+upstreamAddr+"/left", 5*time.Second); err != nil {
		return err
	}
	if b.wants("start") {
		if err := b.startUp(); err != nil {
			return err
		}
	}
	stop, err := b.startAll()
	defer stop()
	if err != nil {
		return err
	}
	steps := []struct {
		name string
		do   func() error
	}{
		{"whole", func() error {
			return b.closedLoop("Whole answers (1 KB asked, 10 deltas from the model)", "answers", false, 10)
		}},
		{"fast", func() error {
			return b.closedLoop("Streams of 100 deltas, as fast as they go", "deltas", true, 100)
		}},
		{"paced", func() error { return b.pacedAt(b.targets, 100, 1000) }},
		{"kept", func() error { return b.pacedAt(b.withKept(), 1, 100, 500, 1000) }},
		{"silent", func() error { return b.idle(b.scaled(1000)) }},
		{"leave", func() error { return b.cancel(100) }},
	}
	for _, step := range steps {
		if b.wants(step.name) {
			if err := step.do(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) wants(step string) bool {
	return b.steps == "" || slices.Contains(strings.Split(b.steps, ","), step)
}

func (b *bench) pacedAt(targets []target, levels ...int) error {
	for _, streams := range levels {
		b.paced(streams, targets)
	}
	return nil
}

func (b *bench) scaled(n int) int {
	if b.fast {
		return max(1, n/10)
	}
	return n
}

func (b *bench) span(d time.Duration) time.Duration {
	if b.fast {
		return d / 10
	}
	return d
}

func (b *bench) startTandem() (*process, error) {
	script := filepath.Join(b.root, "bin", "tandem")
	if _, err := os.Stat(script); err != nil {
		script = filepath.Join(b.root, "deploy", "bin", "tandem")
	}
	data := filepath.Join(b.dir, "data")
	os.RemoveAll(data)
	return start(b.dir, []string{
		"ANTHROPIC_API_KEY=none", "ANTHROPIC_BASE_URL=http://" + upstreamAddr,
		"TANDEM_SERVER_PORT=" + tandemAddr[len("127.0.0.1:"):], "TANDEM_DATA=" + data,
	}, script)
}

func (b *bench) startAll() (stop func(), err error) {
	stop = func() {
		for _, t := range b.targets {
			t.stop()
		}
	}
	if path, err := exec.LookPath("nginx"); err == nil {
		conf := filepath.Join(b.dir, "nginx.conf")
		if err := os.WriteFile(conf, []byte(nginxConf), 0o644); err != nil {
			return stop, err
		}
		nginx, err := start(b.dir, nil, path, "-p", b.dir, "-c", conf)
		if err != nil {
			return stop, err
		}
		b.targets = append(b.targets, target{"nginx", newRest("http://"+nginxAddr+"/v1/messages", "anthropic"), nginx})
		if err := awaitAnswer("http://"+nginxAddr+"/left", 5*time.Second); err != nil {
			return stop, err
		}
	} else {
		fmt.Println("(nginx is not installed, so there is nothing to compare with: apt-get install nginx-light)")
	}
	tandem, err := b.startTandem()
	if err != nil {
		return stop, err
	}
	b.targets = append(b.targets,
		target{"Tandem REST", newRest("http://"+tandemAddr+"/v1/chat/completions", "openai"), tandem},
		target{"Tandem gRPC", newGrpc("http://"+tandemAddr, grpcConns), tandem})
	return stop, awaitAnswer("http://"+tandemAddr+"/health", 30*time.Second)
}

// startUp measures from the start of the script to the first whole answer.
func (b *bench) startUp() error {
	fmt.Printf("### Start\n\n| first answer ms | CPU s till then | resident MB after 3 s |\n|---:|---:|---:|\n")
	for range max(1, b.scaled(3)) {
		begun := time.Now()
		tandem, err := b.startTandem()
		if err != nil {
			return err
		}
		if err := awaitAnswer("http://"+tandemAddr+"/health", 30*time.Second); err != nil {
			tandem.stop()
			return err
		}
		_, err = newRest("http://"+tandemAddr+"/v1/chat/completions", "openai").
			ask(context.Background(), "claude-bench-d10-r0", false, nil)
		took, cpu := time.Since(begun), tandem.cpu()
		time.Sleep(b.span(3 * time.Second))
		fmt.Printf("| %d | %.2f | %d |\n", took.Milliseconds(), cpu.Seconds(), tandem.residentKB()/1024)
		tandem.stop()
		if err != nil {
			return err
		}
	}
	return nil
}

// closedLoop asks over 32 connections, each as soon as it has its answer. The
// targets take turns, so that a change of the machine's pace meets them all.
func (b *bench) closedLoop(title, unit string, stream bool, deltas int) error {
	const rounds = 3
	model := fmt.Sprintf("claude-bench-d%d-r0", deltas)
	done := make([][]float64, len(b.targets)) // per CPU second, of each round
	rate := make([][]float64, len(b.targets))
	times := make([][]time.Duration, len(b.targets))
	errs := make([]int64, len(b.targets))
	for round := range rounds + 1 {
		for i, t := range b.targets {
			span := b.span(4 * time.Second)
			units, took, failed, cpu := load(t, model, stream, 32, span)
			errs[i] += failed
			if round == 0 { // warms up
				continue
			}
			done[i] = append(done[i], float64(units)/cpu.Seconds())
			rate[i] = append(rate[i], float64(units)/span.Seconds())
			times[i] = append(times[i], took...)
		}
	}
	fmt.Printf("\n### %s\n\n| | %s per server CPU s | × nginx | %s per s | answer ms p50 | p95 | p99 | failed |\n|---|---:|---:|---:|---:|---:|---:|---:|\n", title, unit, unit)
	for i, t := range b.targets {
		fmt.Printf("| %s | %.0f | %.2f | %.0f | %s | %d |\n", t.name, median(done[i]), median(done[i])/median(done[0]), median(rate[i]), percentiles(times[i]), errs[i])
	}
	return nil
}

func load(t target, model string, stream bool, conns int, span time.Duration) (units int64, took []time.Duration, failed int64, cpu time.Duration) {
	var deltas, answers, errors atomic.Int64
	var mu sync.Mutex
	var group sync.WaitGroup
	ctx, stop := context.WithTimeout(context.Background(), span)
	defer stop()
	before := t.cpu()
	for range conns {
		group.Go(func() {
			for ctx.Err() == nil {
				begun := time.Now()
				_, err := t.wire.ask(ctx, model, stream, func(int64) { deltas.Add(1) })
				switch {
				case ctx.Err() != nil:
				case err != nil:
					errors.Add(1)
				default:
					answers.Add(1)
					mu.Lock()
					took = append(took, time.Since(begun))
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	cpu = t.cpu() - before
	if stream {
		return deltas.Load(), took, errors.Load(), cpu
	}
	return answers.Load(), took, errors.Load(), cpu
}

// paced holds streams of 50 deltas a second each, as a model writes.
func (b *bench) paced(streams int, targets []target) {
	streams = b.scaled(streams)
	const rate = 50
	model := fmt.Sprintf("claude-bench-d%d-r%d", int(b.span(6*time.Second).Seconds()*rate), rate)
	fmt.Printf("\n### %d streams of %d deltas a second\n\n| | CPU ms per 1,000 deltas | deltas | a delta's way ms p50 | p95 | p99 | resident MB | failed |\n|---|---:|---:|---:|---:|---:|---:|---:|\n", streams, rate)
	for _, t := range targets {
		var mu sync.Mutex
		var group sync.WaitGroup
		var failed atomic.Int64
		var delays []time.Duration
		before := t.cpu()
		resident := 0
		for range streams {
			time.Sleep(time.Millisecond) // so that they do not tick together
			group.Go(func() {
				var own []time.Duration
				if _, err := t.wire.ask(context.Background(), model, true, func(sent int64) { own = append(own, since(sent)) }); err != nil {
					failed.Add(1)
				}
				mu.Lock()
				defer mu.Unlock()
				delays = append(delays, own...)
				resident = max(resident, t.residentKB())
			})
		}
		group.Wait()
		cpu := t.cpu() - before
		fmt.Printf("| %s | %.1f | %d | %s | %d | %d |\n", t.name, float64(cpu.Milliseconds())*1000/float64(max(1, len(delays))), len(delays), percentiles(delays), resident/1024, failed.Load())
	}
}

// withKept is Tandem alone: runs that end with their reader, and runs that are stored.
func (b *bench) withKept() []target {
	tandem := b.targets[len(b.targets)-1].process
	all := slices.Clone(b.targets[len(b.targets)-2:])
	rest := newRest("http://"+tandemAddr+"/v1/chat/completions", "openai")
	grpc := newGrpc("http://"+tandemAddr, grpcConns)
	rest.kept, grpc.kept = true, true
	return append(all, target{"Tandem REST, kept", rest, tandem}, target{"Tandem gRPC, kept", grpc, tandem})
}

// idle holds streams that say nothing.
func (b *bench) idle(streams int) error {
	fmt.Printf("\n### %d silent streams\n\n| | KB resident per stream | resident MB |\n|---|---:|---:|\n", streams)
	for _, t := range b.targets {
		time.Sleep(b.span(2 * time.Second))
		before := t.residentKB()
		ctx, leave := context.WithCancel(context.Background())
		var group sync.WaitGroup
		for range streams {
			group.Go(func() { t.wire.ask(ctx, "claude-bench-d0-r0", true, func(int64) {}) })
		}
		time.Sleep(b.span(4 * time.Second))
		now := t.residentKB()
		leave()
		group.Wait()
		fmt.Printf("| %s | %.1f | %d |\n", t.name, float64(now-before)/float64(streams), now/1024)
	}
	return nil
}

// cancel leaves streams in the middle of their text, and asks the upstream when it heard.
func (b *bench) cancel(streams int) error {
	fmt.Printf("\n### %d clients leave in the middle of their text\n\n| | until the upstream hears ms p50 | p95 | p99 | never |\n|---|---:|---:|---:|---:|\n", streams)
	for _, t := range b.targets {
		var mu sync.Mutex
		var group sync.WaitGroup
		gone := map[int64]int64{}
		for i := range streams {
			group.Go(func() {
				time.Sleep(time.Duration(i) * 10 * time.Millisecond)
				ctx, leave := context.WithCancel(context.Background())
				seen, at := 0, int64(0)
				id, _ := t.wire.ask(ctx, "claude-bench-d1000-r10", true, func(int64) {
					if seen++; seen == 5 {
						at = time.Now().UnixNano()
						leave()
					}
				})
				leave()
				mu.Lock()
				gone[id] = at
				mu.Unlock()
			})
		}
		group.Wait()
		time.Sleep(time.Second)
		heard, err := left()
		if err != nil {
			return err
		}
		var took []time.Duration
		for id, at := range gone {
			if end, ok := heard[id]; ok {
				took = append(took, time.Duration(end-at))
			}
		}
		fmt.Printf("| %s | %s | %d |\n", t.name, percentiles(took), streams-len(took))
	}
	return nil
}

func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// percentiles prints p50 | p95 | p99 in milliseconds.
func percentiles(of []time.Duration) string {
	if len(of) == 0 {
		return "– | – | –"
	}
	slices.Sort(of)
	at := func(p int) float64 { return float64(of[min(len(of)-1, len(of)*p/100)].Microseconds()) / 1000 }
	return fmt.Sprintf("%.2f | %.2f | %.2f", at(50), at(95), at(99))
}
