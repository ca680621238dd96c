using System.Text.Json;

namespace Larkspur.Gateway.People.SignIn.Attempts;

/// <summary>A sign-in under way. It lies in its browser, encrypted: nobody else can end it, and whoever begins one costs the gateway
/// nothing that lasts.</summary>
internal sealed record SignInAttempt
{
    /// <summary>How long a person may take.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>32 letters and digits; WeCom takes no others.</summary>
    public required string State { get; init; }

    /// <summary>The method's name.</summary>
    public required string Method { get; init; }

    /// <summary>Where the method sends the browser back to: a method whose address has changed meanwhile is given the one of
    /// then.</summary>
    public required string Redirect { get; init; }

    public required string Verifier { get; init; }

    public required string Nonce { get; init; }

    /// <summary>Where the person goes; a place of the gateway.</summary>
    public required string ReturnTo { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long StartedAt { get; init; }

    /// <summary>They prove it although they are signed in.</summary>
    public bool Again { get; init; }

    /// <summary>It began in a frame of the page.</summary>
    public bool ByFrame { get; init; }

    /// <summary>The session whose person gets what is proved as another account of theirs, by its <c>sid</c>; null: they sign in.</summary>
    public string? LinkTo { get; init; }

    /// <summary>It is no sign-in, but an errand of another room (<see cref="Methods.ISignInErrand"/>), <c>name:subject</c>; null: they
    /// sign in.</summary>
    public string? Errand { get; init; }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static SignInAttempt? Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<SignInAttempt>(json);

    public override string ToString() => $"a sign-in by {Method}";
}
