using Larkspur.Emulator.Dify;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Dify.Tests;

/// <summary>Our client against the emulated Dify, which shares no code with it.</summary>
public sealed class EmulatorTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _emulator = await EmulatorApp.StartAsync();

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Theory]
    [InlineData(DifyApp.DefaultKey, true)]
    [InlineData("app-emulator-agent", true)]
    [InlineData("app-emulator-new-agent", false)]
    [InlineData("app-emulator-chatflow", true)]
    public async Task Every_kind_of_app_answers_and_goes_on(string key, bool hasSources)
    {
        var dify = Client(key);
        var first = await dify.Chat.AskAsync(new DifyQuestion("办公预算还剩多少？", "alice"), Cancellation);
        Assert.StartsWith("这是本次会话的第 1 个问题：**办公预算还剩多少？**", first.Text, StringComparison.Ordinal);
        Assert.EndsWith("审批人：Bob", first.Text, StringComparison.Ordinal);
        Assert.Equal(hasSources ? 1 : 0, first.Sources.Count);
        var second = await dify.Chat.AskAsync(new DifyQuestion("And next year?", "alice") { ConversationId = first.Ids.ConversationId }, Cancellation);
        Assert.StartsWith("Question 2 of this conversation", second.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await dify.Conversations.MessagesAsync(first.Ids.ConversationId!, "alice", cancellationToken: Cancellation)).Data.Count);
    }

    [Fact]
    public async Task A_conversation_of_somebody_else_is_gone()
    {
        var dify = Client();
        var first = await dify.Chat.AskAsync(new DifyQuestion("Hello", "alice"), Cancellation);
        var refused = await Assert.ThrowsAsync<DifyException>(() => dify.Chat.AskAsync(new DifyQuestion("Hello", "bob") { ConversationId = first.Ids.ConversationId }, Cancellation));
        Assert.True(refused.IsConversationGone);
    }

    [Fact]
    public async Task An_answer_is_stopped_by_who_asked_and_by_nobody_else()
    {
        var dify = Client("app-emulator-slow");
        var texts = 0;
        DifyIds ids = default;
        await foreach (var happened in dify.Chat.StreamAsync(new DifyQuestion("Tell me everything", "alice"), Cancellation))
        {
            ids = happened.Ids;
            if (happened is not DifyText || ++texts > 1) continue;
            await dify.Chat.StopAsync(ids.TaskId!, "bob", Cancellation);
            _emulator.State.Clock.Advance(TimeSpan.FromSeconds(1));
            await dify.Chat.StopAsync(ids.TaskId!, "alice", Cancellation);
        }

        var kept = Assert.Single((await dify.Conversations.MessagesAsync(ids.ConversationId!, "alice", cancellationToken: Cancellation)).Data);
        Assert.True(kept.Answer.Length is > 0 and < 40, kept.Answer);
    }

    [Theory]
    [InlineData("provider_quota_exceeded", FailureKind.Quota)]
    [InlineData("agent_not_published", FailureKind.Invalid)]
    [InlineData("html", FailureKind.Transient)]
    [InlineData("error", FailureKind.Transient)]
    [InlineData("node", FailureKind.Unknown)]
    public async Task A_failing_app_is_told_apart(string word, FailureKind kind)
    {
        var refused = await Assert.ThrowsAsync<DifyException>(() => Client("app-emulator-failing").Chat.AskAsync(new DifyQuestion(word + " please", "alice"), Cancellation));
        Assert.Equal(kind, refused.FailureKind);
    }

    [Fact]
    public async Task An_app_whose_quota_is_used_up_refuses_whatever_is_asked()
    {
        var refused = await Assert.ThrowsAsync<DifyException>(() => Client("app-emulator-quota").Chat.AskAsync(new DifyQuestion("Anything?", "alice"), Cancellation));
        Assert.Equal((FailureKind.Quota, "provider_quota_exceeded"), (refused.FailureKind, refused.ErrorCode));
    }

    [Fact]
    public async Task A_dropped_stream_is_no_answer_and_a_replaced_one_is()
    {
        var dify = Client("app-emulator-failing");
        await Assert.ThrowsAsync<PlatformNetworkException>(() => dify.Chat.AskAsync(new DifyQuestion("drop it", "alice"), Cancellation));
        Assert.Equal("这个问题我无法回答。", (await dify.Chat.AskAsync(new DifyQuestion("replace it", "alice"), Cancellation)).Text);
    }

    [Fact]
    public async Task A_form_is_filled_in_once_and_the_run_goes_on()
    {
        var dify = Client("app-emulator-chatflow");
        var asked = await dify.Chat.AskAsync(new DifyQuestion("order 12 laptops", "alice"), Cancellation);
        Assert.NotNull(asked.Form?.Token);
        Assert.Equal(asked.Form.Content, (await dify.Forms.GetAsync(asked.Form.Token, Cancellation)).Content);
        await dify.Forms.SubmitAsync(asked.Form.Token, "yes", new Dictionary<string, string> { ["note"] = "soon" }, "alice", Cancellation);
        var rest = await dify.Chat.ResumeAsync(asked.Ids.WorkflowRunId!, "alice", Cancellation).ToListAsync(Cancellation);
        Assert.Equal("已下单。备注：soon", string.Concat(rest.OfType<DifyText>().Select(t => t.Delta)));
        var again = await Assert.ThrowsAsync<DifyException>(() => dify.Forms.SubmitAsync(asked.Form.Token, "no", new Dictionary<string, string>(), "alice", Cancellation));
        Assert.Equal("human_input_form_submitted", again.ErrorCode);
    }

    [Fact]
    public async Task A_file_belongs_to_who_uploaded_it()
    {
        var dify = Client();
        var file = await dify.Files.UploadAsync("budget.csv", "text/csv", new MemoryStream("a,b"u8.ToArray()), "alice", Cancellation);
        var question = new DifyQuestion("Read this", "alice") { Files = [DifyFileRef.Uploaded("document", file.Id)] };
        Assert.Contains("with 1 file", (await dify.Chat.AskAsync(question, Cancellation)).Text, StringComparison.Ordinal);
        Assert.Equal("invalid_param", (await Assert.ThrowsAsync<DifyException>(() => dify.Chat.AskAsync(question with { User = "bob" }, Cancellation))).ErrorCode);
    }

    [Theory]
    [InlineData("custom", "a.pdf", "application/pdf", "custom")]
    [InlineData("image custom", "a.pdf", "application/pdf", "custom")]
    [InlineData("document custom", "a.pdf", "application/pdf", "document")]
    [InlineData("image custom", "a.PNG", "image/png", "image")]
    [InlineData("document custom", "a.png", "image/png", "custom")]
    [InlineData("document custom", "a.zip", "application/zip", "custom")]
    public async Task A_file_is_named_by_a_type_that_the_app_lists_or_as_custom(string types, string name, string type, string named)
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { DifyApps = [new("app-own", "Own", "chat") { FileTypes = types.Split(' '), FileExtensions = [".pdf", ".png", ".zip"] }] });
        var backend = new DifyBackend(Client("app-own", emulator));
        Assert.Null((await backend.FileRulesAsync(Cancellation)).Judge(type, name, 3));
        var told = await backend.AskAsync(new("What?", "alice") { Files = [new(name, type, new MemoryStream([1, 2, 3]))] }, Cancellation).ToListAsync(Cancellation);
        Assert.IsType<AssistantEnded>(told[^1]);
        Assert.Equal(named, Assert.Single(Assert.Single(Assert.Single(emulator.Services.GetRequiredService<Emulator.Dify.DifyConversations>().All()).Messages).Files).Type);
    }

    [Theory]
    [InlineData("custom", "a.pdf", "document", false)]
    [InlineData("custom", "a.PDF", "custom", true)]
    [InlineData("custom", "a.zip", "custom", false)]
    [InlineData("document custom", "a.csv", "document", true)]
    [InlineData("document", "a", "custom", false)]
    public async Task A_type_that_the_app_does_not_list_is_refused(string types, string name, string type, bool taken)
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { DifyApps = [new("app-own", "Own", "chat") { FileTypes = types.Split(' '), FileExtensions = [".pdf"] }] });
        var dify = Client("app-own", emulator);
        var file = await dify.Files.UploadAsync(name, "application/octet-stream", new MemoryStream([1]), "alice", Cancellation);
        var asking = dify.Chat.AskAsync(new DifyQuestion("Read this", "alice") { Files = [DifyFileRef.Uploaded(type, file.Id)] }, Cancellation);
        if (taken) Assert.Contains("with 1 file", (await asking).Text, StringComparison.Ordinal);
        else Assert.Equal("invalid_param", (await Assert.ThrowsAsync<DifyException>(() => asking)).ErrorCode);
    }

    [Theory]
    [InlineData("audio/mpeg", 31, true)]
    [InlineData("audio/mpeg", 51, false)]
    [InlineData("video/mp4", 81, true)]
    [InlineData("video/mp4", 101, false)]
    [InlineData("image/png", 11, false)]
    [InlineData("text/csv", 16, false)]
    public async Task How_large_a_file_may_be_is_a_matter_of_its_kind(string type, int megabytes, bool taken)
    {
        Task<DifyUploadedFile> uploading = Client().Files.UploadAsync("file.bin", type, new MemoryStream(new byte[megabytes << 20]), "alice", Cancellation);
        if (taken) Assert.Equal(megabytes << 20, (await uploading).Size);
        else Assert.Equal("file_too_large", (await Assert.ThrowsAsync<DifyException>(() => uploading)).ErrorCode);
    }

    [Fact]
    public async Task A_stop_that_comes_with_the_end_is_no_error()
    {
        var runs = new DifyRuns();
        var ended = false;
        var stopping = Task.Run(() =>
        {
            while (!Volatile.Read(ref ended)) runs.Stop("task", "alice");
        }, Cancellation);
        for (var i = 0; i < 200_000 && !stopping.IsCompleted; i++)
        {
            runs.Begin("task", "alice");
            runs.End("task");
        }

        Volatile.Write(ref ended, true);
        await stopping.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Assert.Empty(runs.Running);
    }

    [Fact]
    public async Task A_wrong_key_is_refused()
    {
        var refused = await Assert.ThrowsAsync<DifyException>(() => Client("app-wrong").InfoAsync(Cancellation));
        Assert.Equal(FailureKind.Authentication, refused.FailureKind);
    }

    private DifyClient Client(string key = DifyApp.DefaultKey, EmulatorApp? emulator = null) =>
        new(new DifyOptions { BaseUrl = new Uri((emulator ?? _emulator).BaseUrl, "v1"), ApiKey = key }, DifyClient.CreateHttpClient());
}
