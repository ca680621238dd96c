using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>Documents that a question links to, and answers that become documents.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class AssistantDocumentTests
{
    [Fact]
    public async Task A_linked_document_is_given_to_the_backend_for_who_may_read_it_alone()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        var link = fixture.Emulator.State.Documents.First(d => d.Title.Contains('薪'));
        var address = new Uri(fixture.Emulator.BaseUrl, "docx/" + link.Token).ToString();

        await fixture.SayAsync($"Summarise {address}");
        var forAlice = await fixture.AnswerAsync("<document-");
        Assert.Contains(link.Title, AssistantFixture.TextOf(forAlice), StringComparison.Ordinal);

        await fixture.SayAsync($"Summarise {address}", "bob");
        var forBob = await fixture.AnswerAsync("Question 1 of this conversation", "bob");
        Assert.DoesNotContain(link.Title, forBob.Card!.Json, StringComparison.Ordinal);
        Assert.Contains("you may not read it", forBob.Card.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_is_kept_as_a_document_of_who_asked_once()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        var before = fixture.Emulator.State.Documents.Count;
        await fixture.SayAsync(string.Concat(Enumerable.Repeat("A question of some length. ", 10)));
        var card = await fixture.AnswerAsync("Approver: Bob");
        var saved = await fixture.ClickAsync(card.MessageId, "📄 Save as document");
        Assert.Equal("success", saved["toast"]!["type"]!.GetValue<string>());
        await fixture.UntilAsync(m => m.Content.Contains("Saved:", StringComparison.Ordinal));
        Assert.Equal("info", (await fixture.ClickAsync(card.MessageId, "📄 Save as document"))["toast"]!["type"]!.GetValue<string>());
        Assert.Equal(before + 1, fixture.Emulator.State.Documents.Count);
    }
}
