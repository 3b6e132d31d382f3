package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// The upstream speaks as much of Anthropic's Messages API as an answer needs.
// A model's name says how it answers: "claude-bench-d100-r50" sends 100 deltas,
// 50 a second; rate 0 is as fast as it goes. The text of each delta is the time
// at which it was sent, "t=<unix ns> ", so the far end knows how long it took.
func serveUpstream(addr string) error {
	up := &upstream{left: map[string]int64{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/messages", up.answer)
	mux.HandleFunc("GET /left", up.whenLeft)
	return (&http.Server{Addr: addr, Handler: mux}).ListenAndServe()
}

type upstream struct {
	mu   sync.Mutex
	left map[string]int64 // question number → unix ns at which its connection went
}

var (
	knobs    = regexp.MustCompile(`claude-bench-d([0-9]+)-r([0-9]+)`)
	question = regexp.MustCompile(`question ([0-9]+)`)
	streamed = []byte(`"stream":true`)
)

const (
	whole = `{"id":"msg_01Bench","type":"message","role":"assistant","model":"claude-bench","content":[{"type":"text","text":"t=0 %s"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":230,"output_tokens":45}}`
	begin = "event: message_start\ndata: " + `{"type":"message_start","message":{"id":"msg_01Bench","type":"message","role":"assistant","model":"claude-bench","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":230,"output_tokens":1}}}` + "\n\n" +
		"event: content_block_start\ndata: " + `{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}` + "\n\n"
	deltaHead = "event: content_block_delta\ndata: " + `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"t=`
	deltaTail = ` "}}` + "\n\n"
	end       = "event: content_block_stop\ndata: " + `{"type":"content_block_stop","index":0}` + "\n\n" +
		"event: message_delta\ndata: " + `{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":45}}` + "\n\n" +
		"event: message_stop\ndata: " + `{"type":"message_stop"}` + "\n\n"
)

func (up *upstream) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	deltas, gap := 10, time.Duration(0)
	if m := knobs.FindSubmatch(body); m != nil {
		deltas, _ = strconv.Atoi(string(m[1]))
		if rate, _ := strconv.Atoi(string(m[2])); rate > 0 {
			gap = time.Second / time.Duration(rate)
		}
	}
	if !bytes.Contains(body, streamed) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, whole, bytes.Repeat([]byte("t=0000000000000000000 "), deltas))
		return
	}
	if !stream(w, r, deltas, gap) {
		up.mu.Lock()
		defer up.mu.Unlock()
		if m := question.FindSubmatch(body); m != nil {
			up.left[string(m[1])] = time.Now().UnixNano()
		}
	}
}

// stream says whether it came to its end.
func stream(w http.ResponseWriter, r *http.Request, deltas int, gap time.Duration) bool {
	w.Header().Set("Content-Type", "text/event-stream")
	flush := w.(http.Flusher).Flush
	io.WriteString(w, begin)
	flush()
	next := time.Now()
	buf := make([]byte, 0, 256)
	for range deltas {
		if gap > 0 {
			next = next.Add(gap)
			select {
			case <-time.After(time.Until(next)):
			case <-r.Context().Done():
				return false
			}
		}
		buf = strconv.AppendInt(append(buf[:0], deltaHead...), time.Now().UnixNano(), 10)
		if _, err := w.Write(append(buf, deltaTail...)); err != nil {
			return false
		}
		flush()
	}
	if deltas == 0 { // a stream that stays silent until its reader leaves
		<-r.Context().Done()
		return false
	}
	io.WriteString(w, end)
	return true
}

func (up *upstream) whenLeft(w http.ResponseWriter, _ *http.Request) {
	up.mu.Lock()
	defer up.mu.Unlock()
	for id, at := range up.left {
		fmt.Fprintln(w, id, at)
	}
}

// left asks the upstream of this run which questions were left, and when.
func left() (map[int64]int64, error) {
	resp, err := http.Get("http://" + upstreamAddr + "/left")
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	at := map[int64]int64{}
	for {
		var id, when int64
		if _, err := fmt.Fscanf(resp.Body, "%d %d\n", &id, &when); err != nil {
			return at, nil
		}
		at[id] = when
	}
}
