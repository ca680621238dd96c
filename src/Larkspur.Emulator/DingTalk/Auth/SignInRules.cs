using System.Collections.Immutable;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>What the console says of signing in, and what goes wrong with it on purpose.</summary>
internal sealed class SignInRules(EmulatorState state) : IResettableState
{
    public static readonly string[] Members = ["redirect_domains", "token_corp_id", "strangers", "available_to", "frame_wrong_origin"];
    private const int MostDomains = 50;

    private ImmutableHashSet<string> _strangers = [];
    private ImmutableHashSet<string>? _availableTo;

    /// <summary>Hosts with their ports to which the application may send people back; empty: any.</summary>
    public ImmutableArray<string> RedirectDomains { get; private set; } = [];

    /// <summary>The organisation that people choose instead of this one; <see langword="null"/>: they choose this one.</summary>
    public string? TokenCorpId { get; private set; }

    /// <summary>The frame speaks from another origin than the address that a page opened.</summary>
    public bool FrameWrongOrigin { get; private set; }

    public bool MaySendTo(Uri address) =>
        RedirectDomains.IsEmpty || RedirectDomains.Contains(address.Authority, StringComparer.OrdinalIgnoreCase);

    /// <summary>A guest whom the organisation does not even know as a contact.</summary>
    public bool IsStranger(Person person) => _strangers.Contains(person.UserId);

    /// <summary>The application is for them.</summary>
    public bool IsAvailableTo(Person person) => _availableTo?.Contains(person.UserId) != false;

    public void Change(ControlInput input)
    {
        if (input.Texts("redirect_domains") is { } domains)
        {
            if (domains.Count > MostDomains) throw new ControlRefusal($"An application has {MostDomains} redirect domains at most.");
            RedirectDomains = [.. domains];
        }

        if (input.Texts("strangers") is { } guests)
        {
            _strangers = [.. guests.Select(g => state.Named(g) is { IsGuest: true } guest ? guest.UserId
                : throw new ControlRefusal($"There is no guest {g}."))];
        }

        // null makes it everybody's again.
        if (input.Body.ContainsKey("available_to")) _availableTo = input.Texts("available_to")?.Select(p => state.Named(p)?.UserId
            ?? throw new ControlRefusal($"There is no person {p}.")).ToImmutableHashSet();
        if (input.Text("token_corp_id") is { } corp) TokenCorpId = corp.Length == 0 ? null : corp;
        FrameWrongOrigin = input.Flag("frame_wrong_origin", FrameWrongOrigin);
    }

    public void Reset() => (RedirectDomains, TokenCorpId, FrameWrongOrigin, _strangers, _availableTo) = ([], null, false, [], null);
}
