using Larkspur.Emulator.State;
using Larkspur.Testing.Chaos;

namespace Larkspur.EndToEnd.Tests.Chaos;

/// <summary>The judge of the chaos runs sees what is wrong: a judge that finds nothing would prove nothing.</summary>
public sealed class JudgementTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private Deliveries _deliveries = null!;
    private string _chat = "";
    private readonly List<Spoken> _said = [];

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _deliveries = new Deliveries(_emulator.State.Inspector);
        _chat = _emulator.People.CreateGroup("alice", "Judged", ["bob"], [EmulatorApp.AppId]).ChatId!;
        for (var i = 0; i < 3; i++) _said.Add(new Spoken(i, _chat, $"om_{i}", InGroup: true));
    }

    public async ValueTask DisposeAsync()
    {
        _deliveries.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public void One_answer_each_in_the_order_of_acknowledgement_is_right()
    {
        Deliver(0, 1, 2);
        Deliver(1, 3, 4);
        Deliver(2, 5, 6);
        Answer(0, 1, 2);
        Assert.Empty(Judge());
    }

    [Fact]
    public void What_was_sent_again_later_is_rightly_answered_later()
    {
        Deliver(0, 1, 2, status: 503);
        Deliver(1, 3, 4);
        Deliver(0, 5, 6);
        Deliver(2, 7, 8);
        Answer(1, 0, 2);
        Assert.Empty(Judge());
    }

    [Fact]
    public void Answers_in_another_order_than_that_of_separate_deliveries_are_found()
    {
        Deliver(0, 1, 2);
        Deliver(1, 3, 4);
        Deliver(2, 5, 6);
        Answer(1, 2, 0);
        Assert.Contains("Message 0 was acknowledged before 2 was delivered", Assert.Single(Judge()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_history_told_before_its_delivery_is_rightly_answered_before_what_was_delivered_earlier()
    {
        Deliver(0, 1, 2);
        Deliver(1, 5, 6);
        Deliver(2, 3, 4);
        Answer(1, 0, 2);
        Assert.Contains("Message 0 was acknowledged before 1 was delivered", Judge()[0], StringComparison.Ordinal);
        Assert.Empty(Judge(fromHistory: [1]));
        Answer(2, 0);
        Assert.NotEmpty(Judge(fromHistory: [1]));
    }

    [Fact]
    public void Where_deliveries_overlapped_the_rows_decide()
    {
        Deliver(0, 1, 4);
        Deliver(1, 2, 3);
        Deliver(2, 5, 6);
        Answer(1, 0, 2);
        Assert.Empty(Judge());
        Assert.Empty(Judge(rows: [11, 10, 12]));
        Assert.Contains("Message 0 is inbox row 10", Assert.Single(Judge(rows: [10, 11, 12])), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_double_misquoted_and_foreign_words_are_found()
    {
        Deliver(0, 1, 2);
        Deliver(1, 3, 4);
        Deliver(2, 5, 6);
        Answer(0, 0);
        Add(_chat, Marker.Of(1), "om_2");
        Add(_chat, "Something went wrong", "om_2");
        var findings = Judge();
        Assert.Contains(findings, f => f.StartsWith("Message 0 was answered 2 times", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.StartsWith("The answer to message 1 quotes om_2", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.StartsWith("Message 1 has no answer", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.StartsWith("Message 2 has no answer", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.StartsWith("The bot said something else", StringComparison.Ordinal));
    }

    private List<string> Judge(long[]? rows = null, HashSet<int>? fromHistory = null) =>
        Judgement.Judge(_emulator.State, _said, _deliveries, rows?.Index().ToDictionary(r => r.Index, r => r.Item), fromHistory).Findings;

    private void Deliver(int number, long began, long ended, int status = 200) => _emulator.State.Inspector.Add(new PushAttempt
    {
        Platform = "feishu", Number = ended, Began = began, Time = DateTimeOffset.UnixEpoch, AppId = EmulatorApp.AppId, Url = "", EventType = "im.message.receive_v1",
        EventId = $"e{number}", Attempt = 1, Status = status, PlainBody = $"{{\"event\":{{\"message\":{{\"message_id\":\"om_{number}\"}}}}}}",
    });

    private void Answer(params int[] numbers)
    {
        foreach (var number in numbers) Add(_chat, Marker.Of(number), $"om_{number}");
    }

    private void Add(string chat, string text, string parent) => _emulator.State.AddMessage(new Message
    {
        MessageId = _emulator.State.Ids.Next("om_"), ChatId = chat, ParentId = parent, SenderKind = SenderKind.App, SenderId = EmulatorApp.AppId,
        MsgType = "text", Content = text, Rendered = text, CreateTime = DateTimeOffset.UnixEpoch, UpdateTime = DateTimeOffset.UnixEpoch,
    });
}
