using System.Collections.Immutable;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Gives each mentioned person a number in the order of appearance.</summary>
internal sealed class MentionList(EmulatorState state, ContentAuthor author)
{
    private readonly List<Mention> _all = [];

    public ImmutableArray<Mention> All => [.. _all];

    public string? NameOf(string key) => _all.Find(m => m.Key == key)?.Name;

    /// <returns>The placeholder, or <see langword="null"/> when nobody has this id.</returns>
    public string? Add(string id)
    {
        if (id == "all")
        {
            if (!_all.Exists(m => m.Kind == MentionKind.All)) _all.Add(new Mention("@_all", MentionKind.All, "all", "所有人"));
            return "@_all";
        }

        var person = state.People.FirstOrDefault(p => p.UserId == id || p.UnionId == id || IsOpenId(p, id));
        var bot = person is null ? state.Apps.FirstOrDefault(a => a.BotOpenId == id || (author.AppId is null && a.AppId == id)) : null;
        if (person is null && bot is null) return null;
        var (kind, who, name) = person is not null ? (MentionKind.Person, person.UserId, person.Name) : (MentionKind.Bot, bot!.AppId, bot.Name);
        if (_all.Find(m => m.Kind == kind && m.Id == who) is { } known) return known.Key;
        var key = $"@_user_{_all.Count(m => m.Kind != MentionKind.All) + 1}";
        _all.Add(new Mention(key, kind, who, name));
        return key;
    }

    private bool IsOpenId(Person person, string id) =>
        author.AppId is { } app ? WireIds.OpenId(app, person.UserId) == id : state.Apps.Any(a => WireIds.OpenId(a.AppId, person.UserId) == id);
}
