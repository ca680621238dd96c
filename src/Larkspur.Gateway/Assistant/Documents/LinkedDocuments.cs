using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Authorizations;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Documents;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant.Documents;

/// <summary>
/// Reads the Feishu documents that a question, or an own message that it points at, links to, as the person who asks may read them, and gives them to the backend as material. On other platforms the person is who they
/// are linked to in Feishu; without that nothing is read.
/// </summary>
internal sealed class LinkedDocuments(IDocuments documents, IIdentities identities, FeishuApps apps, OwnDocuments own) : IQuestionContext
{
    /// <summary>Of all documents of one question, in characters.</summary>
    private const int MostText = 60_000;

    public async ValueTask AddAsync(Turn turn, AssistantRoute route, QuestionDraft draft, CancellationToken cancellation)
    {
        if (!route.Documents || documents.FindLinks($"{turn.Question}\n{Own(turn)}") is not { Count: > 0 } links) return;
        var reader = await ReaderAsync(turn, cancellation);
        if (turn.Question.Length > 0 && OnlyLinks(turn.Question, links)) draft.Append(AssistantTexts.DocSummarise.In(turn.Language));
        var left = MostText;
        var readings = new List<(DocumentLink Link, DocumentReading Reading)>();
        foreach (var link in links) readings.Add((link, await ReadAsync(turn, reader, link, cancellation)));
        // What the person may read, and the app may not: with their word it is read in their own name.
        var closed = readings.Where(r => r.Reading.Outcome == DocumentOutcome.NotAllowedForApp).Select(r => r.Link).ToArray();
        if (closed.Length > 0 && reader is { Reader.IsOfTenant: not false } asked
            && await own.AskAsync(turn, asked.App, asked.Reader.OpenId, closed, draft, cancellation) is { } words)
        {
            draft.Wait(words);
            return;
        }

        foreach (var (link, reading) in readings)
        {
            if (reading is not { Outcome: DocumentOutcome.Read, Text: { } text })
            {
                var why = (reader is null ? AssistantTexts.DocNotLinked : WordsOf(reading.Outcome)).In(turn.Language);
                draft.Append(AssistantTexts.DocMissing(link.Address, why).In(turn.Language));
                draft.Note(AssistantTexts.DocMissing(link.Address, why).In(turn.Language));
                continue;
            }

            var isCut = reading.IsCut || text.Length > left;
            if (text.Length > left) text = text[..(left > 0 && char.IsHighSurrogate(text[left - 1]) ? left - 1 : left)];
            left -= text.Length;
            // What a document says is material: it must not speak to the backend in our voice, so it stands between marks that it cannot contain.
            var mark = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));
            var title = OutsideText.Line(reading.Title ?? "");
            draft.Append($"{AssistantTexts.DocMaterial(link.Address).In(turn.Language)}\n<document-{mark} title=\"{title}\">\n{text}\n</document-{mark}>");
            if (isCut) draft.Note(AssistantTexts.DocCut(title.Length > 0 ? title : link.Address).In(turn.Language));
        }
    }

    /// <summary>
    /// The words of the message that is pointed at, if the asker wrote them. What others link to is not read: an answer in a group would show everybody what only the asker may read, chosen by somebody else.
    /// </summary>
    private static string? Own(Turn turn) => turn.Quoted is { Author: { } author } quoted && turn.Sender.Ids.Any(i => i.Value == author) ? quoted.Text : null;

    private async ValueTask<DocumentReading> ReadAsync(Turn turn, (FeishuApp App, DocumentReader Reader)? reader, DocumentLink link,
        CancellationToken cancellation)
    {
        if (reader is not { } who) return DocumentReading.Refused(DocumentOutcome.NotAllowedForPerson);
        return await own.TryReadAsync(turn, who.App, who.Reader.OpenId, link, cancellation)
            ?? await documents.ReadAsync(who.App, link, who.Reader, cancellation);
    }

    /// <summary>Who reads, and by which app: the one that was written to; else the one that the person is known to.</summary>
    private async ValueTask<(FeishuApp App, DocumentReader Reader)?> ReaderAsync(Turn turn, CancellationToken cancellation)
    {
        const string Feishu = PlatformNames.Feishu;
        var person = turn.Platform == Feishu ? null : await identities.FindAsync(turn.Person, cancellation);
        if (OwnFeishuAccount.Find(apps, turn.Platform, turn.App, turn.Sender, person) is not { } account) return null;
        return (account.App, new DocumentReader(account.OpenId)
        {
            // One that nobody says to be of ours has a user id of another tenant, which is somebody else's in this one.
            UserId = account.IsExternal == false
                ? account.Ids.FirstOrDefault(i => i is { Platform: Feishu, Kind: "user_id" }).Value : null,
            UnionId = account.Ids.FirstOrDefault(i => i is { Platform: Feishu, Kind: "union_id" }).Value,
            ChatId = turn.Platform == Feishu ? turn.ChatId : null,
            IsOfTenant = account.IsExternal == true ? false : null,
        });
    }

    private static bool OnlyLinks(string question, IReadOnlyList<DocumentLink> links)
    {
        var words = question.Split((char[])[' ', '\n', '\t', '，', '。', '、'], StringSplitOptions.RemoveEmptyEntries);
        return words.All(w => links.Any(l => w.StartsWith(l.Address, StringComparison.OrdinalIgnoreCase)));
    }

    private static LocalText WordsOf(DocumentOutcome outcome) => outcome switch
    {
        DocumentOutcome.NotFound => AssistantTexts.DocNotFound,
        DocumentOutcome.NotAllowedForPerson => AssistantTexts.DocNotAllowed,
        DocumentOutcome.NotAllowedForApp => AssistantTexts.DocNotForApp,
        DocumentOutcome.Unsupported => AssistantTexts.DocUnsupported,
        DocumentOutcome.TooLarge => AssistantTexts.DocTooLarge,
        _ => AssistantTexts.DocUnavailable,
    };
}
