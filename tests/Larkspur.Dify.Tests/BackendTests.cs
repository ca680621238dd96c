using Larkspur.Dify.OpenAi;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Dify.Tests;

/// <summary>Both backends behind <see cref="IAssistantBackend"/>.</summary>
public sealed class BackendTests : IAsyncLifetime
{
    private static readonly AssistantQuestion Question = new("What is left?", "person-7");
    private DifyStub _stub = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await DifyStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task A_Dify_answer_is_told_step_by_step()
    {
        _stub.ThenEvents(
            """{"event":"node_started","task_id":"t1","message_id":"m1","conversation_id":"c1","workflow_run_id":"r1","data":{"node_id":"1","node_type":"tool","title":"Looking into the ledger"}}""",
            ChatTests.Message("12,"), ChatTests.Message("000"), ChatTests.End);
        var told = await new DifyBackend(_stub.Client()).AskAsync(Question, Cancellation).ToListAsync(Cancellation);
        Assert.Equal(
            [new AssistantBegan("t1", "c1"), new AssistantStep("Looking into the ledger"), new AssistantText("12,"), new AssistantText("000")], told[..^1]);
        var end = Assert.IsType<AssistantEnded>(told[^1]);
        Assert.Equal(("m1", "c1", false), (end.MessageId, end.ConversationId, end.IsCut));
    }

    [Theory]
    [InlineData(404, "not_found", AssistantFailure.ConversationGone)]
    [InlineData(400, "provider_quota_exceeded", AssistantFailure.Quota)]
    [InlineData(401, "unauthorized", AssistantFailure.Misconfigured)]
    [InlineData(400, "agent_not_published", AssistantFailure.Misconfigured)]
    [InlineData(400, "invalid_param", AssistantFailure.Refused)]
    [InlineData(500, "internal_server_error", AssistantFailure.Unavailable)]
    public async Task A_Dify_refusal_says_what_to_do(int status, string code, AssistantFailure failure)
    {
        _stub.ThenJson(status, $$"""{"code":"{{code}}","message":"x","status":{{status}}}""");
        var told = await Assert.ThrowsAsync<AssistantException>(() => new DifyBackend(_stub.Client()).AskAsync(Question with { ConversationId = "c1" }, Cancellation).ToListAsync(Cancellation).AsTask());
        Assert.Equal((failure, false), (told.Failure, told.MidStream));
    }

    [Fact]
    public async Task A_break_in_the_middle_is_an_interruption()
    {
        _stub.ThenEvents(ChatTests.Message("So far"), """{"event":"error","status":500,"code":"internal_server_error","message":""}""");
        var told = await Assert.ThrowsAsync<AssistantException>(() => new DifyBackend(_stub.Client()).AskAsync(Question, Cancellation).ToListAsync(Cancellation).AsTask());
        Assert.Equal((AssistantFailure.Interrupted, true), (told.Failure, told.MidStream));
    }

    [Fact]
    public async Task An_app_that_does_not_suggest_has_no_suggestions()
    {
        _stub.ThenJson(400, """{"code":"bad_request","message":"Suggested questions are disabled","status":400}""");
        Assert.Empty(await new DifyBackend(_stub.Client()).SuggestAsync("m1", "person-7", Cancellation));
    }

    [Theory]
    [InlineData("data: {0}\n\n", "data: [DONE]\n\n", "text/event-stream")]
    [InlineData("data:{0}\r\n\r\n", "", "text/event-stream; charset=utf-8")]
    [InlineData(": keep-alive\n\ndata: {0}\n\n", "data: [DONE]\n\n", "text/event-stream")]
    [InlineData("{0}\n\n", "", "event-stream")] // Dify's plugin
    public async Task A_completion_is_read_however_it_is_framed(string frame, string last, string type)
    {
        string[] chunks =
        [
            Chunk("""{"role":"assistant","content":""}"""), Chunk("""{"reasoning_content":"hmm"}"""), Chunk("""{"content":"还剩"}"""), Chunk("""{"content":" 12"}"""), Chunk("{}", "\"stop\""),
            """{"id":"x","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""",
        ];
        _stub.Then(async http =>
        {
            http.Response.Headers.ContentType = type;
            foreach (var chunk in chunks) await http.Response.WriteAsync(frame.Replace("{0}", chunk, StringComparison.Ordinal));
            await http.Response.WriteAsync(last);
        });
        var told = await Model().AskAsync(Question with { History = [new(false, "Hi"), new(true, "Hello")] }, Cancellation).ToListAsync(Cancellation);
        Assert.Equal("还剩 12", string.Concat(told.OfType<AssistantText>().Select(t => t.Delta)));
        Assert.Equal((3, false), (Assert.IsType<AssistantEnded>(told[^1]).Tokens, ((AssistantEnded)told[^1]).IsCut));

        var sent = Assert.Single(_stub.Questions);
        Assert.Equal("/v1/chat/completions", sent.Path);
        Assert.Equal("""[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"},{"role":"user","content":"What is left?"}]""", sent.Json.GetProperty("messages").GetRawText());
        Assert.True(sent.Json.GetProperty("stream").GetBoolean());
    }

    [Theory]
    [InlineData(429, """{"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}}""", AssistantFailure.Busy, 2)]
    [InlineData(429, """{"error":{"message":"pay","type":"insufficient_quota","code":"insufficient_quota"}}""", AssistantFailure.Quota, 1)]
    [InlineData(401, """{"error":{"message":"key","type":"invalid_request_error","code":"invalid_api_key"}}""", AssistantFailure.Misconfigured, 1)]
    [InlineData(400, """{"error":{"message":"What is left? is too long","type":"invalid_request_error","code":"context_length_exceeded"}}""", AssistantFailure.Refused, 1)]
    [InlineData(503, "<html>", AssistantFailure.Unavailable, 1)]
    public async Task A_refused_completion_says_what_to_do_and_repeats_no_question(int status, string body, AssistantFailure failure, int asked)
    {
        for (var i = 0; i < asked; i++) _stub.ThenJson(status, body);
        var told = await Assert.ThrowsAsync<AssistantException>(() => Model(tries: asked).AskAsync(Question, Cancellation).ToListAsync(Cancellation).AsTask());
        Assert.Equal(failure, told.Failure);
        Assert.DoesNotContain("What is left", told.Message, StringComparison.Ordinal);
        Assert.Equal(asked, _stub.Questions.Count);
    }

    [Fact]
    public async Task A_completion_at_the_limit_of_its_length_is_told_as_cut()
    {
        _stub.Then(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"data: {Chunk("""{"content":"12"}""", "\"length\"")}\n\ndata: [DONE]\n\n");
        });
        Assert.True(Assert.IsType<AssistantEnded>((await Model().AskAsync(Question, Cancellation).ToListAsync(Cancellation))[^1]).IsCut);
    }

    [Theory]
    [InlineData("""{"choices":[],"usage":{"total_tokens":null}}""")]
    [InlineData("""{"choices":[],"usage":{"total_tokens":"3"}}""")]
    [InlineData("""{"choices":[null]}""")]
    [InlineData("""{"choices":["x"]}""")]
    public async Task A_chunk_with_parts_of_another_kind_is_read_without_them(string chunk)
    {
        _stub.Then(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"data: {Chunk("""{"content":"12"}""", "\"stop\"")}\n\ndata: {chunk}\n\ndata: [DONE]\n\n");
        });
        var told = await Model().AskAsync(Question, Cancellation).ToListAsync(Cancellation);
        Assert.Equal("12", Assert.Single(told.OfType<AssistantText>()).Delta);
        Assert.Null(Assert.IsType<AssistantEnded>(told[^1]).Tokens);
    }

    [Fact]
    public async Task Half_a_character_in_a_completion_is_a_failure_of_the_service()
    {
        _stub.Then(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"data: {Chunk("""{"content":"12"}""")}\n\ndata: {Chunk("""{"content":"\ud83d"}""")}\n\ndata: [DONE]\n\n");
        });
        Assert.Equal(AssistantFailure.Interrupted, (await Assert.ThrowsAsync<AssistantException>(() => Model().AskAsync(Question, Cancellation).ToListAsync(Cancellation).AsTask())).Failure);
        _stub.ThenJson(400, """{"error":{"message":"x","code":"\ud83d"}}""");
        Assert.Equal(AssistantFailure.Refused, (await Assert.ThrowsAsync<AssistantException>(() => Model().AskAsync(Question, Cancellation).ToListAsync(Cancellation).AsTask())).Failure);
    }

    [Fact]
    public async Task A_completion_that_just_ends_is_an_interruption()
    {
        _stub.Then(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"data: {Chunk("""{"content":"12"}""")}\n\n");
        });
        Assert.Equal(AssistantFailure.Interrupted, (await Assert.ThrowsAsync<AssistantException>(() => Model().AskAsync(Question, Cancellation).ToListAsync(Cancellation).AsTask())).Failure);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 0)] // "B4" alone would be an answer without its question
    [InlineData(8, 2)]
    [InlineData(100, 4)]
    public async Task Old_turns_are_left_out_in_pairs(int characters, int kept)
    {
        _stub.Then(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"data: {Chunk("""{"content":"12"}""", "\"stop\"")}\n\ndata: [DONE]\n\n");
        });
        AssistantTurn[] history = [new(false, "Q001"), new(true, "A002"), new(false, "Q003"), new(true, "A004")];
        await Model(window: characters).AskAsync(Question with { History = history }, Cancellation).ToListAsync(Cancellation);
        Assert.Equal(kept + 2, Assert.Single(_stub.Questions).Json.GetProperty("messages").GetArrayLength());
    }

    private OpenAiBackend Model(int tries = 3, int window = 24_000)
    {
        var options = new OpenAiOptions { BaseUrl = _stub.BaseUrl, ApiKey = "sk-stub", Model = "small", SystemPrompt = "Be brief.", MaxAttempts = tries, HistoryWindow = window };
        return new OpenAiBackend(new OpenAiClient(options, DifyClient.CreateHttpClient(), random: new Random(1)), options);
    }

    private static string Chunk(string delta, string finish = "null") =>
        $$"""{"id":"x","object":"chat.completion.chunk","created":1,"model":"small","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]}""";
}
