using System.Text.Json;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant.Linking;

/// <inheritdoc/>
/// <remarks>All of it is plain text: names that others chose stand in it. What is told unasked is in both languages, since nobody knows
/// which one of an account's owner reads there.</remarks>
internal sealed class LinkMessages(IEnumerable<IConversationChannel> channels, TimeProvider clock) : ILinkMessages
{
    private readonly IReadOnlyDictionary<string, IConversationChannel> _channels = channels.ToDictionary(c => c.Platform, StringComparer.Ordinal);

    public ValueTask AskAsync(IUnitOfWork unit, LinkRequest request, KnownAccount other, string key)
    {
        var language = LanguageOf(request.Contact);
        var minutes = Math.Max(1, (int)Math.Round((request.ExpiresAt - clock.GetUtcNow()).TotalMinutes));
        var platform = BotTexts.FindPlatform(request.Contact.Platform);
        var words = LinkTexts.Ask(LinkTexts.Of(language, other), platform, minutes).In(language);
        return TellAsync(unit, request.Contact, UnifiedResponse.Text(words) with
        {
            Title = LinkTexts.Title.In(language),
            Buttons =
            [
                new ResponseButton(LinkTexts.ButtonLinkConfirm.In(language), new AnswerAction(AnswerActionKind.Confirm, request.Id)),
                new ResponseButton(LinkTexts.ButtonLinkRefuse.In(language), new AnswerAction(AnswerActionKind.Refuse, request.Id),
                    IsPrimary: true),
            ],
        }, key);
    }

    public ValueTask RefusedAsync(IUnitOfWork unit, LinkRequest request) =>
        TellAsync(unit, request.OtherContact, UnifiedResponse.Text(LinkTexts.Refused.In(LanguageOf(request.OtherContact))),
            request.Id + " refused");

    public ValueTask JoinedAsync(IUnitOfWork unit, PersonJoin join, KnownPerson person, IReadOnlyList<KnownAccount> former)
    {
        var own = person.Accounts.Where(a => former.All(f => f.Id != a.Id)).ToArray();
        var words = Both(language => LinkTexts.FindJoinedHow(join.How)!.In(language) + " "
            + LinkTexts.Joined(LinkTexts.Of(language, former), LinkTexts.Of(language, own)).In(language));
        return TellAllAsync(unit, [(person, person.Accounts)], UnifiedResponse.Text(words) with
        {
            Title = Both(language => LinkTexts.TitleJoined.In(language), " · "),
            Buttons = [new ResponseButton(Both(language => LinkTexts.ButtonUnlink.In(language), " · "),
                new AnswerAction(AnswerActionKind.Unlink, join.Id))],
        }, join.Id + " joined");
    }

    public ValueTask UndoneAsync(IUnitOfWork unit, PersonJoin join, KnownPerson person, KnownPerson former)
    {
        var words = Both(language => LinkTexts.Separated(LinkTexts.Of(language, former.Accounts), LinkTexts.Of(language, person.Accounts))
            .In(language));
        return TellAllAsync(unit, [(person, person.Accounts), (former, former.Accounts)], UnifiedResponse.Text(words), join.Id + " undone");
    }

    /// <summary>Where several accounts read in one place, that is told once.</summary>
    private async ValueTask TellAllAsync(IUnitOfWork unit, IEnumerable<(KnownPerson Person, IReadOnlyList<KnownAccount> Accounts)> people, UnifiedResponse response, string key)
    {
        var told = new HashSet<(string, string, string, string)>();
        foreach (var (person, accounts) in people)
        {
            foreach (var account in accounts)
            {
                if (!_channels.TryGetValue(account.Platform, out var channel) || channel.PrivateAddressOf(person, account) is not { } address) continue;
                if (!told.Add((channel.Platform, address.App, address.To.TargetType, address.To.Target))) continue;
                await channel.SayAsync(unit, address.App, address.To, response, $"{key} {account.Id}", Reference.For(channel.Platform, address.App, key));
            }
        }
    }

    private async ValueTask TellAsync(IUnitOfWork unit, LinkContact contact, UnifiedResponse response, string key)
    {
        if (_channels.TryGetValue(contact.Platform, out var channel) && JsonSerializer.Deserialize<ReplyAddress>(contact.Address) is { } to)
            await channel.SayAsync(unit, contact.App, to, response, key, contact.Reference);
    }

    private static Language LanguageOf(LinkContact contact) => Languages.FromTag(contact.Language) ?? Language.English;

    private static string Both(Func<Language, string> words, string between = "\n") => words(Language.Chinese) + between + words(Language.English);
}
