package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"
)

// A wire asks one question and reports each delta of the answer as it arrives.
type wire interface {
	// ask returns at the answer's end, or when ctx ends. Whole answers report no delta.
	ask(ctx context.Context, model string, stream bool, delta func(sent int64)) (id int64, err error)
}

var questions atomic.Int64

const words = "Please explain how a gateway between a client and a model streams its answers, step by step. "

func ask(model string) (id int64, text string) {
	id = questions.Add(1)
	return id, fmt.Sprintf("This is question %09d. %s", id, bytes.Repeat([]byte(words), 8))
}

// key is unique to a question of this bench.
func key(id int64) string { return fmt.Sprintf("bench-%d-%d", os.Getpid(), id) }

// rest speaks JSON and server-sent events over HTTP/1.1: OpenAI's shape to
// Tandem, Anthropic's to what passes requests on unread.
type rest struct {
	url    string
	format string
	kept   bool // each question has a key, so that its run is stored
	client *http.Client
}

const (
	openAI    = `{"model":%q,"stream":%t,"max_tokens":4096,"messages":[{"role":"user","content":%q}]}`
	anthropic = `{"model":%q,"stream":%t,"max_tokens":4096,"messages":[{"role":"user","content":%q}]}`
)

func newRest(url, format string) *rest {
	format = map[string]string{"openai": openAI, "anthropic": anthropic}[format]
	return &rest{url, format, false, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4096}}}
}

func (w *rest) ask(ctx context.Context, model string, stream bool, delta func(int64)) (int64, error) {
	id, text := ask(model)
	// Compact JSON, as the upstream looks for it.
	body := fmt.Appendf(nil, w.format, model, stream, text)
	req, err := http.NewRequestWithContext(ctx, "POST", w.url, bytes.NewReader(body))
	if err != nil {
		return id, err
	}
	req.Header.Set("Content-Type", "application/json")
	if w.kept {
		req.Header.Set("Idempotency-Key", key(id))
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return id, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != 200 {
		return id, fmt.Errorf("status %d", resp.StatusCode)
	}
	if !stream {
		_, err = io.Copy(io.Discard, resp.Body)
		return id, err
	}
	lines := bufio.NewReaderSize(resp.Body, 16<<10)
	ended := false
	for {
		line, err := lines.ReadSlice('\n')
		if sent, ok := sentAt(line); ok {
			delta(sent)
		}
		ended = ended || bytes.Contains(line, []byte("[DONE]")) || bytes.Contains(line, []byte("message_stop"))
		if errors.Is(err, io.EOF) && ended {
			return id, nil
		} else if err != nil {
			return id, err
		}
	}
}

// grpc calls the contract's ChatService over HTTP/2 without TLS. The messages
// are few enough to be written by hand.
type grpc struct {
	url     string
	kept    bool
	clients []*http.Client
	next    atomic.Int64
}

func newGrpc(url string, connections int) *grpc {
	w := &grpc{url: url + "/tandem.v1.ChatService/"}
	for range connections {
		protocols := &http.Protocols{}
		protocols.SetUnencryptedHTTP2(true)
		w.clients = append(w.clients, &http.Client{Transport: &http.Transport{Protocols: protocols}})
	}
	return w
}

func (w *grpc) ask(ctx context.Context, model string, stream bool, delta func(int64)) (int64, error) {
	id, text := ask(model)
	message := field(field(nil, 1, []byte("user")), 2, []byte(text))
	request := field(field(nil, 1, []byte(model)), 2, message)
	if w.kept {
		request = field(request, 17, []byte(key(id)))
	}
	body := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(request)))
	method := map[bool]string{false: "CreateChatCompletion", true: "StreamChatCompletion"}[stream]
	req, err := http.NewRequestWithContext(ctx, "POST", w.url+method, bytes.NewReader(append(body, request...)))
	if err != nil {
		return id, err
	}
	req.Header.Set("Content-Type", "application/grpc")
	req.Header.Set("TE", "trailers")
	resp, err := w.clients[w.next.Add(1)%int64(len(w.clients))].Do(req)
	if err != nil {
		return id, err
	}
	defer resp.Body.Close()
	messages := bufio.NewReaderSize(resp.Body, 16<<10)
	var frame []byte
	for {
		var prefix [5]byte
		if _, err := io.ReadFull(messages, prefix[:]); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return id, err
		}
		size := int(binary.BigEndian.Uint32(prefix[1:]))
		frame = append(frame[:0], make([]byte, size)...)
		if _, err := io.ReadFull(messages, frame); err != nil {
			return id, err
		}
		if sent, ok := sentAt(frame); ok && stream {
			delta(sent)
		}
	}
	if status := resp.Trailer.Get("Grpc-Status"); status != "0" {
		return id, fmt.Errorf("grpc-status %q: %s", status, resp.Trailer.Get("Grpc-Message"))
	}
	return id, nil
}

// field appends a length-delimited field of a protobuf message.
func field(to []byte, number int, value []byte) []byte {
	to = binary.AppendUvarint(to, uint64(number<<3|2))
	return append(binary.AppendUvarint(to, uint64(len(value))), value...)
}

// sentAt finds the time that the upstream put into a delta.
func sentAt(data []byte) (int64, bool) {
	_, rest, found := bytes.Cut(data, []byte("t="))
	if !found || len(rest) < 19 {
		return 0, false
	}
	sent, err := strconv.ParseInt(string(rest[:19]), 10, 64)
	return sent, err == nil && sent > 0
}

func since(sent int64) time.Duration { return time.Duration(time.Now().UnixNano() - sent) }
