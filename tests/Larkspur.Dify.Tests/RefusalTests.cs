using Microsoft.AspNetCore.Http;

namespace Larkspur.Dify.Tests;

/// <summary>Refusals before an answer begins, and what is tried again.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private DifyStub _dify = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _dify = await DifyStub.StartAsync();

    public ValueTask DisposeAsync() => _dify.DisposeAsync();

    [Theory]
    [InlineData(400, "invalid_param", FailureKind.Invalid)]
    [InlineData(400, "provider_not_initialize", FailureKind.Invalid)]
    [InlineData(400, "provider_quota_exceeded", FailureKind.Quota)]
    [InlineData(401, "unauthorized", FailureKind.Authentication)]
    [InlineData(403, "forbidden", FailureKind.Permission)]
    [InlineData(429, "rate_limit_error", FailureKind.Quota)]
    [InlineData(500, "internal_server_error", FailureKind.Transient)]
    [InlineData(418, "a_word_of_next_year", FailureKind.Invalid)]
    public async Task A_refusal_is_told_by_its_code_and_not_asked_again(int status, string code, FailureKind kind)
    {
        _dify.ThenJson(status, $$"""{"code":"{{code}}","message":"No, {{DifyStub.Key}}","status":{{status}}}""");
        var refused = await Assert.ThrowsAsync<DifyException>(() => AskAsync());
        Assert.Equal((code, status, kind, false), (refused.ErrorCode, refused.HttpStatus, refused.FailureKind, refused.MidStream));
        Assert.DoesNotContain(DifyStub.Key, refused.Message, StringComparison.Ordinal);
        Assert.Equal("No, ***", refused.Detail);
        Assert.Single(_dify.Questions);
    }

    [Theory]
    [InlineData("invalid_param", "the question: What is my salary?", "invalid_param")]
    [InlineData("What is my salary?", "x", "")] // no word of Dify's: a gateway in front of it
    [InlineData("invalid_param", "\\ud83d salary", "invalid_param")]
    public async Task What_Dify_says_of_it_is_in_no_text_that_is_shown_or_logged(string code, string message, string told)
    {
        for (var i = 0; i < 2; i++) _dify.ThenJson(400, $$"""{"code":"{{code}}","message":"{{message}} {{DifyStub.Key}}","status":400}""");
        var refused = await Assert.ThrowsAsync<DifyException>(() => AskAsync());
        Assert.Equal(told, refused.ErrorCode);
        Assert.DoesNotContain("salary", refused.ToString(), StringComparison.Ordinal);
        var shown = await Assert.ThrowsAsync<AssistantException>(() => new DifyBackend(_dify.Client()).AskAsync(new AssistantQuestion("Hello", "person-7"), Cancellation).ToListAsync(Cancellation).AsTask());
        Assert.DoesNotContain("salary", shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_at_once_is_asked_again_because_nothing_happened()
    {
        _dify.ThenJson(429, """{"code":"too_many_requests","message":"busy","status":429}""").ThenEvents(ChatTests.Message("yes"), ChatTests.End);
        Assert.Equal("yes", (await AskAsync()).Text);
        Assert.Equal(2, _dify.Questions.Count);
    }

    [Theory]
    [InlineData("c1", "not_found", "Conversation Not Exists.", true)]
    [InlineData(null, "not_found", "Not found.", false)]
    [InlineData("c1", "not_found", "Workflow not found with id: w1", false)]
    [InlineData("c1", "conversation_completed", "The conversation has ended. Please start a new conversation.", true)]
    public async Task A_conversation_that_is_gone_is_told_from_other_things_that_are_not_there(string? conversation, string code, string message, bool gone)
    {
        _dify.ThenJson(code == "not_found" ? 404 : 400, $$"""{"code":"{{code}}","message":"{{message}}","status":404}""");
        Assert.Equal(gone, (await Assert.ThrowsAsync<DifyException>(() => AskAsync(conversation))).IsConversationGone);
    }

    [Theory]
    [InlineData(504, "<html><h1>504 Gateway Time-out</h1></html>", FailureKind.Transient)]
    [InlineData(502, "", FailureKind.Transient)]
    [InlineData(404, "[1,2", FailureKind.NotFound)]
    public async Task A_proxy_s_page_is_survived(int status, string page, FailureKind kind)
    {
        _dify.Then(http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync(page);
        });
        var refused = await Assert.ThrowsAsync<DifyException>(() => AskAsync());
        Assert.Equal(("", status, kind), (refused.ErrorCode, refused.HttpStatus, refused.FailureKind));
        Assert.DoesNotContain("<h1>", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_than_a_stream_is_refused()
    {
        _dify.ThenJson(200, """{"event":"message","answer":"blocking"}""");
        Assert.Contains("in place of a stream", (await Assert.ThrowsAsync<DifyException>(() => AskAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_does_not_follow_a_redirect()
    {
        _dify.Then(http =>
        {
            http.Response.Redirect("http://127.0.0.1:1/elsewhere");
            return Task.CompletedTask;
        });
        Assert.Equal(302, (await Assert.ThrowsAsync<DifyException>(() => AskAsync())).HttpStatus);
    }

    [Fact]
    public async Task What_only_reads_is_tried_again_after_a_server_s_error()
    {
        _dify.ThenJson(500, """{"code":"internal_server_error","message":"","status":500}""").ThenJson(200, """{"name":"Budget","description":"","tags":[],"mode":"advanced-chat","author_name":"x"}""");
        Assert.Equal("advanced-chat", (await _dify.Client().InfoAsync(Cancellation)).Mode);
        Assert.Equal(2, _dify.Questions.Count);
    }

    [Fact]
    public async Task An_upload_is_a_form_with_its_user_and_is_sent_again_from_its_start()
    {
        _dify.ThenJson(500, "{}").ThenJson(201, """{"id":"f1","name":"预算.csv","size":3,"extension":"csv","mime_type":"text/csv","created_by":"u","created_at":1}""");
        using var content = new MemoryStream("a,b"u8.ToArray());
        var file = await _dify.Client().Files.UploadAsync("预算.csv", "text/csv", content, "person-7", Cancellation);
        Assert.Equal("f1", file.Id);
        Assert.Equal(2, _dify.Questions.Count);
        Assert.All(_dify.Questions, q =>
        {
            Assert.StartsWith("multipart/form-data", q.ContentType, StringComparison.Ordinal);
            Assert.Contains("a,b", q.Text, StringComparison.Ordinal);
            Assert.Contains("person-7", q.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Wrong_options_are_all_told_at_once()
    {
        var wrong = Assert.Throws<ArgumentException>(() => _dify.Client(o => (o.ApiKey, o.BaseUrl, o.Silence) = ("", new Uri("ftp://x"), TimeSpan.FromSeconds(5))));
        Assert.Contains("ApiKey", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("BaseUrl", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Silence", wrong.Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    private Task<DifyAnswer> AskAsync(string? conversation = null) => _dify.Client().Chat.AskAsync(new DifyQuestion("Hello", "person-7") { ConversationId = conversation }, Cancellation);
}
