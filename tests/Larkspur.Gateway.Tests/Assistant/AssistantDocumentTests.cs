using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>Documents that a question links to, and answers that become documents.</summary>
public sealed class AssistantDocumentTests
{
    [Fact]
    public async Task A_linked_document_is_given_to_the_backend_for_who_may_read_it_alone()
    {
        await using var stage = await AssistantStage.StartAsync();
        var link = stage.Emulator.World.Documents.First(d => d.Title.Contains('薪'));
        var address = new Uri(stage.Emulator.BaseUrl, "docx/" + link.Token).ToString();

        await stage.SayAsync($"Summarise {address}");
        var forAlice = await stage.AnswerAsync("<document-");
        Assert.Contains(link.Title, AssistantStage.TextOf(forAlice), StringComparison.Ordinal);

        await stage.SayAsync($"Summarise {address}", "bob");
        var forBob = await stage.AnswerAsync("Question 1 of this conversation", "bob");
        Assert.DoesNotContain(link.Title, forBob.Card!.Json, StringComparison.Ordinal);
        Assert.Contains("you may not read it", forBob.Card.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_is_kept_as_a_document_of_who_asked_once()
    {
        await using var stage = await AssistantStage.StartAsync();
        var before = stage.Emulator.World.Documents.Count;
        await stage.SayAsync(string.Concat(Enumerable.Repeat("A question of some length. ", 10)));
        var card = await stage.AnswerAsync("Approver: Bob");
        var saved = await stage.ClickAsync(card.MessageId, "📄 Save as document");
        Assert.Equal("success", saved["toast"]!["type"]!.GetValue<string>());
        await stage.UntilAsync(m => m.Content.Contains("Saved:", StringComparison.Ordinal));
        Assert.Equal("info", (await stage.ClickAsync(card.MessageId, "📄 Save as document"))["toast"]!["type"]!.GetValue<string>());
        Assert.Equal(before + 1, stage.Emulator.World.Documents.Count);
    }
}
