using Larkspur.Emulator.State;

namespace Larkspur.Testing.Chaos;

/// <summary>The people who write to the bot, in many chats.</summary>
internal sealed class Crowd
{
    private static readonly string[] People = [SeededCompany.Alice, SeededCompany.Bob, SeededCompany.Carol];

    private readonly EmulatorApp _emulator;
    private readonly Random _random;
    private readonly (string ChatId, string[] People, bool IsGroup)[] _chats;
    private readonly List<Spoken> _said = [];
    private int _count;

    /// <remarks>Before the app has a callback address: the bot is not told of the groups, and does not greet.</remarks>
    public Crowd(EmulatorApp emulator, int chats, Random random)
    {
        (_emulator, _random) = (emulator, random);
        var own = People.Take(chats).Select(p => (ChatId: emulator.State.P2pChat(p, EmulatorApp.AppId)!.ChatId, People: (string[])[p], IsGroup: false));
        var groups = Enumerable.Range(1, Math.Max(0, chats - People.Length)).Select(i => (emulator.CreateGroup(People[i % People.Length], $"Group {i}", People), People, true));
        _chats = [.. own, .. groups];
    }

    public IReadOnlyList<Spoken> Said => _said;

    /// <summary>How many are there for sure while another thread speaks: a list's own count runs ahead of its items.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Somebody says the next message somewhere.</summary>
    public void Speak() => SpeakIn(_random.Next(_chats.Length));

    /// <summary>Somebody says something in every chat.</summary>
    public void SpeakEverywhere()
    {
        for (var i = 0; i < _chats.Length; i++) SpeakIn(i);
    }

    private void SpeakIn(int place)
    {
        var chat = _chats[place];
        var number = _said.Count;
        var text = (chat.IsGroup ? $"<at user_id=\"{EmulatorApp.AppId}\"></at> " : "") + Marker.Of(number);
        var outcome = _emulator.People.SendText(chat.People[_random.Next(chat.People.Length)], chat.ChatId, text);
        if (!outcome.Done) throw new InvalidOperationException($"The emulator refuses a message: {outcome.Refusal}");
        _said.Add(new Spoken(number, chat.ChatId, outcome.MessageId!, chat.IsGroup));
        Volatile.Write(ref _count, _said.Count);
    }
}
