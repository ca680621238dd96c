using System.Text;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Dify.Tests;

/// <summary>Streams of every kind of app, as section 3 and 4 of the facts have them.</summary>
public sealed class ChatTests : IAsyncLifetime
{
    private static readonly DifyQuestion Asked = new("What is left of the budget?", "person-7");
    private DifyStub _dify = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _dify = await DifyStub.StartAsync();

    public ValueTask DisposeAsync() => _dify.DisposeAsync();

    [Fact]
    public async Task A_chat_app_s_answer_is_its_parts_together_with_sources_and_usage()
    {
        _dify.ThenEvents(Message("预算"), "ping", Message("还剩 "), Message("12,000"), """
            {"event":"message_end","task_id":"t1","id":"m1","message_id":"m1","conversation_id":"c1","metadata":{"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"total_price":"0.0012","currency":"USD","latency":1.5},"retriever_resources":[{"position":1,"dataset_name":"Finance","document_name":"Budget 2026.xlsx","score":0.91,"content":"…"}]}}
            """.Trim());
        var answer = await _dify.Client().Chat.AskAsync(Asked, Cancellation);
        Assert.Equal("预算还剩 12,000", answer.Text);
        Assert.Equal(new DifyIds("t1", "m1", "c1", null), answer.Ids);
        Assert.Equal(new DifyUsage(10, 5, 15, "0.0012", "USD", 1.5), answer.Usage);
        Assert.Equal("Budget 2026.xlsx", Assert.Single(answer.Sources).DocumentName);

        var sent = Assert.Single(_dify.Questions);
        Assert.Equal("POST /v1/chat-messages", $"{sent.Method} {sent.Path}");
        Assert.Equal($"Bearer {DifyStub.Key}", sent.Authorization);
        Assert.Equal("streaming", sent.Json.GetProperty("response_mode").GetString());
        Assert.Equal("person-7", sent.Json.GetProperty("user").GetString());
        Assert.Equal("", sent.Json.GetProperty("conversation_id").GetString());
        Assert.Equal("{}", sent.Json.GetProperty("inputs").GetRawText());
        Assert.False(sent.Json.GetProperty("auto_generate_name").GetBoolean());
    }

    [Fact]
    public async Task An_agent_s_deltas_are_the_answer_and_its_thoughts_are_not()
    {
        _dify.ThenEvents(
            """{"event":"agent_thought","id":"th1","task_id":"t1","message_id":"m1","conversation_id":"c1","position":1,"thought":"","observation":"","tool":"ledger","tool_labels":{},"tool_input":"{}","message_files":[]}""",
            """{"event":"agent_message","task_id":"t1","message_id":"m1","conversation_id":"c1","answer":"12"}""",
            """{"event":"agent_message","task_id":"t1","message_id":"m1","conversation_id":"c1","answer":",000"}""",
            """{"event":"message_file","id":"f1","type":"image","belongs_to":"assistant","url":"/files/f1.png","task_id":"t1","message_id":"m1","conversation_id":"c1"}""",
            """{"event":"message_end","task_id":"t1","message_id":"m1","conversation_id":"c1","metadata":{}}""");
        var answer = await _dify.Client().Chat.AskAsync(Asked, Cancellation);
        Assert.Equal("12,000", answer.Text);
        Assert.Equal("/files/f1.png", Assert.Single(answer.Files).Url);
        Assert.Null(answer.Usage);
    }

    [Fact]
    public async Task A_new_agent_s_closing_message_does_not_double_the_text()
    {
        _dify.ThenEvents(
            """{"event":"agent_message","task_id":"t1","message_id":"m1","conversation_id":"c1","answer":"12,0"}""",
            """{"event":"message","task_id":"t1","message_id":"m1","conversation_id":"c1","answer":"12,000 left"}""",
            """{"event":"message_end","task_id":"t1","message_id":"m1","conversation_id":"c1","metadata":{}}""");
        Assert.Equal("12,000 left", (await _dify.Client().Chat.AskAsync(Asked, Cancellation)).Text);
    }

    [Fact]
    public async Task What_a_moderation_replaces_is_gone()
    {
        _dify.ThenEvents(Message("something bad"), """{"event":"message_replace","task_id":"t1","message_id":"m1","conversation_id":"c1","answer":"I cannot say that.","reason":"output_moderation"}""", End);
        Assert.Equal("I cannot say that.", (await _dify.Client().Chat.AskAsync(Asked, Cancellation)).Text);
    }

    [Fact]
    public async Task A_Chatflow_is_read_past_its_message_s_end_and_unknown_events_harm_nothing()
    {
        _dify.ThenEvents(
            """{"event":"workflow_started","task_id":"t1","workflow_run_id":"r1","conversation_id":"c1","message_id":"m1","data":{"id":"r1","workflow_id":"w1","inputs":{},"created_at":1}}""",
            """{"event":"node_started","task_id":"t1","workflow_run_id":"r1","data":{"id":"n","node_id":"1","node_type":"llm","title":"Answer","index":1}}""",
            """{"event":"something_of_next_year","data":{"x":1}}""",
            Message("yes"), End,
            """{"event":"workflow_finished","task_id":"t1","workflow_run_id":"r1","data":{"id":"r1","workflow_id":"w1","status":"succeeded","outputs":{"answer":"yes"},"error":null,"total_tokens":42}}""");
        var events = await _dify.Client().Chat.StreamAsync(Asked, Cancellation).ToListAsync(Cancellation);
        Assert.Equal(["DifyWorkflowStarted", "DifyNode", "DifyOther", "DifyText", "DifyMessageEnded", "DifyWorkflowFinished"], events.Select(e => e.GetType().Name));
        Assert.Equal(42, Assert.IsType<DifyWorkflowFinished>(events[^1]).TotalTokens);
    }

    [Fact]
    public async Task A_failed_Chatflow_is_an_error_whether_or_not_it_says_so()
    {
        const string Failed = """{"event":"workflow_finished","task_id":"t1","workflow_run_id":"r1","data":{"status":"failed","error":"node 3 has no key sk-secret","outputs":{}}}""";
        _dify.ThenEvents(Message("Let me"), Failed);
        var refused = await Assert.ThrowsAsync<DifyException>(() => _dify.Client().Chat.AskAsync(Asked, Cancellation));
        Assert.Equal("workflow_failed", refused.ErrorCode);
        Assert.DoesNotContain("sk-secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pause_gives_its_form_and_the_run_is_resumed()
    {
        _dify.ThenEvents(Message("Shall I order? "),
            """{"event":"human_input_required","task_id":"t1","workflow_run_id":"r1","message_id":"m1","conversation_id":"c1","data":{"form_id":"f1","form_token":"tok","node_id":"4","node_title":"Confirm","form_content":"**12 laptops**","inputs":[{"type":"text","output_variable_name":"note","default":null}],"actions":[{"id":"yes","title":"Order","button_style":"primary"}],"expiration_time":1893456000}}""",
            """{"event":"workflow_paused","task_id":"t1","workflow_run_id":"r1","data":{}}""");
        var client = _dify.Client();
        var answer = await client.Chat.AskAsync(Asked, Cancellation);
        Assert.Equal("Shall I order? ", answer.Text);
        Assert.Equal(("tok", "Order", DateTimeOffset.FromUnixTimeSeconds(1893456000)), (answer.Form!.Token, answer.Form.Actions[0].Title, answer.Form.ExpiresAt));

        _dify.ThenJson(200, "{}").ThenEvents(Message("Ordered."), End);
        await client.Forms.SubmitAsync("tok", "yes", new Dictionary<string, string> { ["note"] = "soon" }, "person-7", Cancellation);
        Assert.Equal("Ordered.", string.Concat((await client.Chat.ResumeAsync("r1", "person-7", Cancellation).ToListAsync(Cancellation)).OfType<DifyText>().Select(t => t.Delta)));
        Assert.Equal("""{"inputs":{"note":"soon"},"action":"yes","user":"person-7"}""", _dify.Questions[1].Text);
        Assert.Equal("GET /v1/workflow/r1/events?user=person-7&include_state_snapshot=true&continue_on_pause=true", $"{_dify.Questions[2].Method} {_dify.Questions[2].Path}");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"soon\"")]
    [InlineData("1.5e99")]
    public async Task A_form_whose_end_is_no_time_has_none(string end)
    {
        _dify.ThenEvents(
            $$$"""{"event":"human_input_required","task_id":"t1","workflow_run_id":"r1","data":{"form_id":"f1","form_token":"tok","inputs":[],"actions":[],"expiration_time":{{{end}}}}}""",
            """{"event":"workflow_paused","task_id":"t1","workflow_run_id":"r1","data":{}}""");
        var answer = await _dify.Client().Chat.AskAsync(Asked, Cancellation);
        Assert.Equal(("tok", null), (answer.Form?.Token, answer.Form?.ExpiresAt));
    }

    [Theory]
    [InlineData("""{"event":"message","task_id":"t1","answer":"\ud83d"}""")]
    [InlineData("""{"event":"message","task_id":"\ud83d","answer":"x"}""")]
    [InlineData("""{"event":"\ud83d"}""")]
    public async Task Half_a_character_is_no_JSON(string half)
    {
        _dify.ThenEvents(Message("So far "), half);
        var refused = await Assert.ThrowsAsync<DifyException>(() => _dify.Client().Chat.AskAsync(Asked, Cancellation));
        Assert.Equal(200, refused.HttpStatus);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"form_content":"\ud83d"}""")]
    public async Task A_form_that_is_none_is_an_error_of_Dify_s(string form)
    {
        _dify.ThenJson(200, form);
        await Assert.ThrowsAsync<DifyException>(() => _dify.Client().Forms.GetAsync("tok", Cancellation));
    }

    [Fact]
    public async Task A_character_that_is_cut_between_two_packets_is_whole()
    {
        var bytes = Encoding.UTF8.GetBytes($"data: {Message("汉字")}\n\ndata: {End}\n\n");
        _dify.Then(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var one in bytes)
            {
                await http.Response.Body.WriteAsync(new[] { one });
                await http.Response.Body.FlushAsync();
            }
        });
        Assert.Equal("汉字", (await _dify.Client().Chat.AskAsync(Asked, Cancellation)).Text);
    }

    [Theory]
    [InlineData("""{"event":"error","status":400,"code":"provider_quota_exceeded","message":"Your quota is gone"}""", "provider_quota_exceeded", FailureKind.Quota)]
    [InlineData("""{"event":"error","status":500,"code":"internal_server_error","message":"Internal Server Error"}""", "internal_server_error", FailureKind.Transient)]
    [InlineData("""{"event":"error","status":null,"code":"internal_server_error","message":"Internal Server Error"}""", "internal_server_error", FailureKind.Transient)]
    [InlineData("""{"event":"error","status":"400","code":"invalid_param","message":"\ud83d"}""", "invalid_param", FailureKind.Invalid)]
    [InlineData("""{"event":"error","status":429,"code":"rate_limit_error","message":"plan"}""", "rate_limit_error", FailureKind.Quota)]
    public async Task An_error_in_the_stream_is_told_apart_and_the_text_before_it_stands(string error, string code, FailureKind kind)
    {
        _dify.ThenEvents(Message("So far "), error);
        var texts = new List<string>();
        var refused = await Assert.ThrowsAsync<DifyException>(async () =>
        {
            await foreach (var happened in _dify.Client().Chat.StreamAsync(Asked, Cancellation)) texts.Add(((DifyText)happened).Delta);
        });
        Assert.Equal(["So far "], texts);
        Assert.Equal((code, kind, true), (refused.ErrorCode, refused.FailureKind, refused.MidStream));
        Assert.Single(_dify.Questions);
    }

    [Fact]
    public async Task A_stream_that_just_ends_is_no_answer()
    {
        _dify.ThenEvents(Message("So far "));
        var lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => _dify.Client().Chat.AskAsync(Asked, Cancellation));
        Assert.True(lost.EffectUnknown);
        Assert.Single(_dify.Questions);
    }

    [Fact]
    public async Task A_broken_connection_is_no_answer_and_is_not_asked_again()
    {
        _dify.Then(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"data: {Message("So far ")}\n\n");
            await http.Response.Body.FlushAsync();
            http.Abort();
        });
        await Assert.ThrowsAsync<PlatformNetworkException>(() => _dify.Client().Chat.AskAsync(Asked, Cancellation));
        Assert.Single(_dify.Questions);
    }

    [Fact]
    public async Task A_connection_that_breaks_after_the_end_loses_nothing()
    {
        var seen = new TaskCompletionSource();
        _dify.Then(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"data: {Message("All of it")}\n\ndata: {End}\n\n");
            await http.Response.Body.FlushAsync();
            await seen.Task; // a reset takes with it what was not read
            http.Abort();
        });
        var events = new List<DifyEvent>();
        await foreach (var happened in _dify.Client().Chat.StreamAsync(Asked, Cancellation))
        {
            events.Add(happened);
            if (happened is DifyMessageEnded) seen.SetResult();
        }

        Assert.Equal(["DifyText", "DifyMessageEnded"], events.Select(e => e.GetType().Name));
    }

    [Fact]
    public async Task Silence_ends_it()
    {
        var clock = new ManualTimeProvider();
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _dify.Then(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"data: {Message("So far ")}\n\n");
            await http.Response.Body.FlushAsync();
            reached.SetResult();
            await release.Task;
        });
        var first = new TaskCompletionSource();
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in _dify.Client(clock: clock).Chat.StreamAsync(Asked, Cancellation)) first.TrySetResult();
        }, Cancellation);
        await Task.WhenAll(reached.Task, first.Task).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        long started = Environment.TickCount64;
        // The wait for the next byte begins at some instant after the first event was taken.
        while (!reading.IsCompleted)
        {
            Assert.True(Environment.TickCount64 - started < 60_000, "It was not given up within a minute.");
            clock.Advance(TimeSpan.FromSeconds(61));
            await Task.Yield();
        }

        var lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => reading);
        Assert.True(lost.TimedOut);
        release.SetResult();
    }

    [Fact]
    public async Task An_event_without_an_end_is_refused_before_it_fills_the_memory()
    {
        _dify.Then(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            var junk = new byte[1 << 20];
            Array.Fill(junk, (byte)'x');
            for (var i = 0; i < 64 && !http.RequestAborted.IsCancellationRequested; i++)
            {
                try
                {
                    await http.Response.Body.WriteAsync(junk, http.RequestAborted);
                }
                catch (OperationCanceledException)
                {
                    return; // the reader has had enough
                }
            }
        });
        var lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => _dify.Client().Chat.AskAsync(Asked, Cancellation));
        Assert.Contains("too long", lost.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "person-7")]
    [InlineData("Hello", " ")]
    public async Task Nothing_is_asked_without_a_question_or_a_person(string query, string user)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _dify.Client().Chat.AskAsync(new DifyQuestion(query, user), Cancellation));
        Assert.Empty(_dify.Questions);
    }

    [Fact]
    public async Task Feedback_is_given_and_taken_back()
    {
        _dify.ThenJson(200, """{"result":"success"}""").ThenJson(200, """{"result":"success"}""");
        var chat = _dify.Client().Chat;
        await chat.FeedbackAsync("m/1", "person-7", liked: false, "wrong year", Cancellation);
        await chat.FeedbackAsync("m/1", "person-7", liked: null, cancellationToken: Cancellation);
        Assert.Equal("/v1/messages/m%2F1/feedbacks", _dify.Questions[0].Path);
        Assert.Equal("""{"rating":"dislike","user":"person-7","content":"wrong year"}""", _dify.Questions[0].Text);
        Assert.Equal("""{"rating":null,"user":"person-7"}""", _dify.Questions[1].Text);
    }

    [Fact]
    public async Task A_running_answer_is_stopped_and_questions_are_suggested()
    {
        _dify.ThenJson(200, """{"result":"success"}""").ThenJson(200, """{"result":"success","data":["And next year?"]}""");
        var chat = _dify.Client().Chat;
        await chat.StopAsync("t1", "person-7", Cancellation);
        Assert.Equal(["And next year?"], await chat.SuggestedAsync("m1", "person-7", Cancellation));
        Assert.Equal(["POST /v1/chat-messages/t1/stop", "GET /v1/messages/m1/suggested?user=person-7"], _dify.Questions.Select(q => $"{q.Method} {q.Path}"));
    }

    internal static string Message(string text) =>
        $$"""{"event":"message","task_id":"t1","id":"m1","message_id":"m1","conversation_id":"c1","created_at":1700000000,"answer":{{System.Text.Json.JsonSerializer.Serialize(text)}}}""";

    internal const string End = """{"event":"message_end","task_id":"t1","id":"m1","message_id":"m1","conversation_id":"c1","metadata":{}}""";
}
