using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>What the administrator set for signing in, and what goes wrong with it on purpose.</summary>
internal sealed class SignInRules(WeComCorp corp) : IResettableState
{
    public static readonly string[] Members =
        ["callback_domains", "web_login", "private_fields", "linked_corps", "fail_code", "frame_wrong_origin"];

    /// <summary>Of <c>getuserdetail</c>, beside the userid.</summary>
    public static readonly ImmutableArray<string> AllFields = ["gender", "avatar", "qr_code", "mobile", "email", "biz_mail", "address"];

    /// <summary>Hosts with their ports that the login in a browser goes back to; empty: any.</summary>
    private ImmutableHashSet<string> _callbackDomains = [];
    private ImmutableHashSet<string> _linked = [];

    /// <summary>Login in a browser is switched on.</summary>
    public bool WebLogin { get; private set; } = true;

    /// <summary>What of a person the application may ask for.</summary>
    public ImmutableHashSet<string> PrivateFields { get; private set; } = [.. AllFields];

    /// <summary>With which code every panel fails; <see langword="null"/>: it does not.</summary>
    public int? FailCode { get; private set; }

    /// <summary>The panel speaks from another origin than the address that a page opened.</summary>
    public bool FrameWrongOrigin { get; private set; }

    public bool IsCallback(Uri address) => _callbackDomains.IsEmpty || _callbackDomains.Contains(address.Authority);

    public bool IsTrusted(Uri address) => corp.MaySignIn(address);

    /// <summary>Somebody of a corp that shares the application with this one is told of; other guests are strangers.</summary>
    public bool IsLinked(Person guest) => guest.TenantKey is { } other && _linked.Contains(other);

    public JsonObject Change(ControlInput input)
    {
        if (input.Texts("private_fields") is { } fields && fields.FirstOrDefault(f => !AllFields.Contains(f)) is { } unknown)
            throw new ControlRefusal($"\"{unknown}\" is no field. Fields: {string.Join(", ", AllFields)}.");
        var fail = input.Int("fail_code", -99_999, 0);
        if (input.Texts("callback_domains") is { } domains) _callbackDomains = [.. domains];
        if (input.Texts("linked_corps") is { } corps) _linked = [.. corps];
        if (input.Texts("private_fields") is { } asked) PrivateFields = [.. asked];
        if (fail is { } code) FailCode = code == 0 ? null : code;
        WebLogin = input.Flag("web_login", WebLogin);
        FrameWrongOrigin = input.Flag("frame_wrong_origin", FrameWrongOrigin);
        return ControlEndpoints.Done();
    }

    public void Reset()
    {
        (_callbackDomains, _linked, PrivateFields) = ([], [], [.. AllFields]);
        (WebLogin, FailCode, FrameWrongOrigin) = (true, null, false);
    }
}
