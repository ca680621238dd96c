using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Messaging.Streaming;
using static Larkspur.Messaging.Tests.Streaming.StreamingFixture;

namespace Larkspur.Messaging.Tests.Streaming;

public sealed class StreamingCardTests : IAsyncLifetime
{
    private const string Content = "cardkit.v1.card.element.content";
    private const string Patch = "im.v1.message.patch";

    private StreamingFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_card_is_loaded_written_and_ended()
    {
        await using var card = await StreamingCard.OpenAsync(_fixture.Feishu, _fixture.Target, new() { Title = "Answer", Thinking = "Thinking…" }, cancellation: TestContext.Current.CancellationToken);
        var message = Assert.Single(_fixture.Sent);
        Assert.Equal("Thinking…", TextOf(message));

        for (var i = 0; i < 500; i++) card.Append($"word{i} ");
        await UntilAsync(() => TextOf(_fixture.Sent[0]).Contains("word499", StringComparison.Ordinal));
        await card.CompleteAsync(end: new() { Footer = "from a model", Template = "green", Components = ["""{"tag":"hr"}"""] }, cancellation: TestContext.Current.CancellationToken);

        message = Assert.Single(_fixture.Sent);
        Assert.Equal(string.Concat(Enumerable.Range(0, 500).Select(i => $"word{i} ")), TextOf(message));
        Assert.Equal(3, Elements(message).Count);
        var page = Assert.Single(card.Pages);
        Assert.Equal((StreamingMode.CardKit, message.MessageId), (page.Mode, page.MessageId));
        Assert.Equal("closed", (await _fixture.EntityAsync(page.CardId!))["streaming"]!.GetValue<string>());
        Assert.InRange(_fixture.CallsOf(Content).Count(), 1, 20);
        var numbers = _fixture.Calls.Where(c => c.RequestBody.Contains("\"sequence\"", StringComparison.Ordinal)).Select(c => JsonDocument.Parse(c.RequestBody).RootElement.GetProperty("sequence").GetInt32()).ToArray();
        Assert.Equal(numbers.Order().Distinct(), numbers);
    }

    [Fact]
    public async Task Without_the_scope_the_message_is_changed_as_a_whole()
    {
        await _fixture.GrantAsync(WithoutCardKit);
        await using var card = await StreamingCard.OpenAsync(_fixture.Feishu, _fixture.Target, cancellation: TestContext.Current.CancellationToken);
        card.Append("```\ncode");
        await UntilAsync(() => TextOf(_fixture.Sent[0]) == "```\ncode\n```");
        await card.CompleteAsync("done", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("done", TextOf(Assert.Single(_fixture.Sent)));
        Assert.Equal(StreamingMode.Patch, card.Pages[0].Mode);

        // The refusal is remembered.
        await using var second = await StreamingCard.OpenAsync(_fixture.Feishu, _fixture.Target, cancellation: TestContext.Current.CancellationToken);
        await second.CompleteAsync("again", cancellation: TestContext.Current.CancellationToken);
        Assert.Single(_fixture.CallsOf("cardkit.v1.card.create"));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Frames_that_fail_are_dropped_and_the_last_one_is_not(int status)
    {
        await using var card = await StreamingCard.OpenAsync(_fixture.Feishu, _fixture.Target, cancellation: TestContext.Current.CancellationToken);
        await _fixture.FaultAsync(new { path = "/open-apis/cardkit/*", reply = status, count = 6 });
        for (var i = 0; i < 20; i++) card.Append($"{i},");
        await card.CompleteAsync(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},")), TextOf(Assert.Single(_fixture.Sent)));
    }

    [Fact]
    public async Task A_long_text_goes_on_in_further_cards()
    {
        var text = string.Concat(Enumerable.Range(0, 7000).Select(i => $"{i:00000} 文字，\n"));
        Assert.True(text.Length >= 70_000);
        await using var card = await StreamingCard.OpenAsync(_fixture.Feishu, _fixture.Target, cancellation: TestContext.Current.CancellationToken);
        foreach (var piece in text.Chunk(5000)) card.Append(new string(piece));
        await UntilAsync(() => _fixture.Sent.Count > 1);
        await card.CompleteAsync(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(text.Replace("\n", ""), string.Concat(_fixture.Sent.Select(TextOf)).Replace("\n", ""));
        Assert.Equal(card.Pages.Count, _fixture.Sent.Count);
        Assert.All(_fixture.Sent, m => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(m.Card!.Json), 1, 30 * 1024));
    }

    [Fact]
    public async Task Streaming_that_the_platform_closed_after_ten_minutes_goes_on()
    {
        await using var card = await StreamingCard.OpenAsync(_fixture.Feishu, _fixture.Target, cancellation: TestContext.Current.CancellationToken);
        card.Append("before ");
        await UntilAsync(() => TextOf(_fixture.Sent[0]) == "before ");
        await _fixture.Emulator.AdvanceAsync(TimeSpan.FromMinutes(11));
        card.Append("after");
        await UntilAsync(() => TextOf(_fixture.Sent[0]) == "before after");
        Assert.Equal(StreamingMode.CardKit, card.Pages[0].Mode);
        await card.CompleteAsync(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("before after", TextOf(Assert.Single(_fixture.Sent)));
    }

    [Fact]
    public async Task When_the_entity_has_expired_the_words_come_as_text()
    {
        await using var card = await StreamingCard.OpenAsync(_fixture.Feishu, _fixture.Target, cancellation: TestContext.Current.CancellationToken);
        await _fixture.Emulator.AdvanceAsync(TimeSpan.FromDays(15));
        await card.CompleteAsync("still said", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("text", _fixture.Sent[^1].MsgType);
        Assert.Contains("still said", _fixture.Sent[^1].Rendered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_says_so_below_what_was_written()
    {
        await using var card = await StreamingCard.OpenAsync(_fixture.Feishu, _fixture.Target, new() { Title = "Answer" }, cancellation: TestContext.Current.CancellationToken);
        card.Append("half a sen");
        await card.FailAsync("The model is away. Reference: 7QX4-M0RT", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("half a sen\n\nThe model is away. Reference: 7QX4-M0RT", TextOf(Assert.Single(_fixture.Sent)));
    }

    [Fact]
    public async Task A_card_that_nobody_ended_does_not_stay_generating()
    {
        await using (var card = await StreamingCard.OpenAsync(_fixture.Feishu, _fixture.Target, cancellation: TestContext.Current.CancellationToken)) card.Append("left");
        Assert.Equal("left", TextOf(Assert.Single(_fixture.Sent)));
        Assert.Equal("closed", (await _fixture.Emulator.StateAsync())["card_entities"]![0]!["streaming"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_card_that_was_recalled_ends_in_a_typed_exception_that_has_the_text()
    {
        await using var card = await StreamingCard.OpenAsync(_fixture.Feishu, _fixture.Target, cancellation: TestContext.Current.CancellationToken);
        await _fixture.FaultAsync(new { path = "/open-apis/cardkit/*", reply = 400, code = 200740 });
        await _fixture.FaultAsync(new { path = "/open-apis/im/v1/messages/*", method = "PATCH", reply = 400, code = 230011 });
        var failure = await Assert.ThrowsAsync<StreamingCardException>(() => card.CompleteAsync("the text", cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("the text", failure.Text);
        Assert.Equal(230011, Assert.IsType<FeishuApiException>(failure.InnerException).Code);
    }

    [Fact]
    public async Task Where_the_card_cannot_be_sent_the_caller_is_told_at_once() =>
        await Assert.ThrowsAnyAsync<FeishuApiException>(() => StreamingCard.OpenAsync(_fixture.Feishu, StreamTarget.To("chat_id", "oc_nowhere"), cancellation: TestContext.Current.CancellationToken));

    [Fact]
    public async Task Two_openings_under_one_key_are_one_message()
    {
        var options = new StreamingCardOptions { IdempotencyKey = "order-4711" };
        await using var first = await StreamingCard.OpenAsync(_fixture.Feishu, StreamTarget.To("chat_id", _fixture.Chat), options, cancellation: TestContext.Current.CancellationToken);
        await using var again = await StreamingCard.OpenAsync(_fixture.Feishu, StreamTarget.To("chat_id", _fixture.Chat), options, cancellation: TestContext.Current.CancellationToken);
        Assert.Single(_fixture.Sent);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(0)]
    public void A_rate_that_the_platform_does_not_take_is_refused(int milliseconds) =>
        Assert.ThrowsAny<ArgumentException>(() => new CardStream(_fixture.Feishu, _fixture.Target, new() { FrameInterval = TimeSpan.FromMilliseconds(milliseconds) }, null!, "key"));

    [Fact]
    public async Task A_journal_that_fails_while_a_frame_is_refused_does_not_end_the_frames()
    {
        var journal = new FailingJournal();
        var stream = new CardStream(_fixture.Feishu, _fixture.Target, new(), journal, Guid.NewGuid().ToString("N"));
        await stream.OpenAsync(TestContext.Current.CancellationToken);
        journal.Failures = 1;
        await _fixture.FaultAsync(new { path = "/open-apis/cardkit/*", method = "PUT", reply = 400, code = 300310, count = 1 });
        stream.Append("said all the same");
        await UntilAsync(() => journal.Failures == 0);
        await UntilAsync(() => TextOf(_fixture.Sent[0]) == "said all the same");
        await stream.StopAsync();
        await stream.FinishAsync(0, CardStream.FinalCards(new(), "the end")[0], TestContext.Current.CancellationToken);
        Assert.Equal("the end", TextOf(Assert.Single(_fixture.Sent)));
    }

    [Fact]
    public async Task A_stop_after_a_frame_was_told_as_shown_finds_none_on_its_way()
    {
        var observer = new StoppingObserver();
        var stream = new CardStream(_fixture.Feishu, _fixture.Target, new(), new FailingJournal(), Guid.NewGuid().ToString("N"), observer: observer);
        observer.Stop = stream.StopAsync;
        await stream.OpenAsync(TestContext.Current.CancellationToken);
        stream.Append("one");
        Assert.False(await await observer.Stopped.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    /// <summary>Stops the stream as soon as it hears of a frame.</summary>
    private sealed class StoppingObserver : IStreamObserver
    {
        public Func<Task<bool>> Stop { get; set; } = null!;

        public TaskCompletionSource<Task<bool>> Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void FrameShown(StreamingMode mode, int pieces, IReadOnlyList<TimeSpan> lags) => Stopped.TrySetResult(Stop());

        public void FrameFailed(Exception cause) => Stopped.TrySetException(cause);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_card_that_is_not_changed_any_more_is_said_again_in_no_other_message(bool cardKit)
    {
        await using var fixture = await StreamingFixture.StartAsync();
        var options = new StreamingCardOptions { UseCardKit = cardKit };
        var page = new StreamingPage(fixture.Feishu, fixture.Target, options, new FailingJournal(), "later", new StreamedPage(0));
        await page.OpenAsync(cancellation: TestContext.Current.CancellationToken);
        await page.FinishAsync(new StreamingCardFace(options).Final("42"), null, TestContext.Current.CancellationToken);
        await page.ChangeAsync(new StreamingCardFace(options).Final("42 ✓"), null, TestContext.Current.CancellationToken);
        Assert.Equal("42 ✓", StreamingFixture.TextOf(Assert.Single(fixture.Sent)));

        await fixture.Emulator.AdvanceAsync(TimeSpan.FromDays(14.1));
        var refused = await Assert.ThrowsAsync<FeishuApiException>(
            () => page.ChangeAsync(new StreamingCardFace(options).Final("42 again"), null, TestContext.Current.CancellationToken));
        Assert.Equal(230031, refused.Code);
        Assert.Single(fixture.Sent);
    }

    /// <summary>A journal whose database is away now and then.</summary>
    private sealed class FailingJournal : IStreamJournal
    {
        private readonly CountingSequence _numbers = new();

        public int Failures { get; set; }

        public ICardSequence NumbersOf(int page) => _numbers;

        public ValueTask KeepAsync(StreamedPage page, CancellationToken cancellation)
        {
            if (Failures == 0) return ValueTask.CompletedTask;
            Failures--;
            throw new IOException("The database is away.");
        }
    }
}
