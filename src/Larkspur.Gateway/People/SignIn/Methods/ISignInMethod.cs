using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.People.SignIn.Methods;

/// <summary>One way to say who one is: an app of a platform, or the company's own identity provider.</summary>
internal interface ISignInMethod
{
    /// <summary>Its step in the address, <c>/sign-in/{name}</c>: 1 to 40 of <c>a-z 0-9 - _</c>.</summary>
    string Name { get; }

    /// <summary>As the button calls it.</summary>
    LocalText Title { get; }

    /// <summary>Which mark stands on the button: the platform's name; else <c>idp</c>.</summary>
    string Mark { get; }

    /// <summary>The platform registers the host of the address to come back to, with its port, and not the whole address.</summary>
    bool RegistersHostOnly => false;

    /// <summary>How one sees that an address to come back to is registered; null: only by trying.</summary>
    /// <param name="start">As at a beginning.</param>
    SignInProbe? Probe(SignInStart start) => null;

    /// <summary>Where to send the browser.</summary>
    /// <exception cref="SignInRefusedException">It cannot begin.</exception>
    Task<Uri> BeginAsync(SignInStart start, CancellationToken cancellation);

    /// <summary>Who came back. The state has been compared and is used up; the code is tried once.</summary>
    /// <exception cref="SignInRefusedException">Nobody who may sign in.</exception>
    Task<SignInProof> FinishAsync(SignInReturn back, CancellationToken cancellation);

    /// <summary>The frame in which the page shows a QR code; null: the method has none.</summary>
    SignInFrame? Frame(SignInStart start) => null;

    /// <summary>The browser is the platform's own client, which says who it is without asking.</summary>
    bool IsOwnClient(string userAgent) => false;

    /// <summary>How a script of the page gets a code from the platform's own client; null: the client is sent to
    /// <see cref="BeginAsync"/> like a browser, and asks nothing there.</summary>
    SignInClient? Client(SignInStart start) => null;
}

/// <summary>Sign-in methods of one kind as they are now: apps come and go while the gateway runs. Each platform registers one.</summary>
internal interface ISignInSource
{
    IReadOnlyList<ISignInMethod> Methods { get; }
}

/// <summary>A sign-in that begins.</summary>
/// <param name="Redirect">Where the method sends the browser back to.</param>
/// <param name="State">32 letters and digits.</param>
/// <param name="Verifier">Of PKCE (RFC 7636), 43 characters.</param>
/// <param name="Nonce">For methods whose answer repeats one, 43 characters.</param>
/// <param name="Language">The reader's.</param>
/// <param name="Again">They are to prove it although they are signed in there.</param>
/// <param name="InClient">The browser is the method's own client.</param>
internal sealed record SignInStart(Uri Redirect, string State, string Verifier, string Nonce, Language Language, bool Again, bool InClient)
{
    public override string ToString() => "a sign-in that begins";
}

/// <summary>A browser that came back.</summary>
/// <param name="Query">As it came, from outside.</param>
/// <param name="State">The one that the browser was sent away with.</param>
/// <param name="Redirect">As it was given to the method.</param>
/// <param name="Verifier">As at the beginning.</param>
/// <param name="Nonce">As at the beginning.</param>
internal sealed record SignInReturn(string Query, string State, Uri Redirect, string Verifier, string Nonce)
{
    /// <summary>It began in a frame of our page (<see cref="ISignInMethod.Frame"/>), whose address has no challenge.</summary>
    public bool ByFrame { get; init; }

    /// <summary>It began with <see cref="SignInStart.Again"/>: that they proved it anew is checked.</summary>
    public bool Again { get; init; }

    public override string ToString() => "a browser that came back";
}

/// <summary>A QR code in a frame of the page.</summary>
/// <param name="Address">What the frame shows.</param>
/// <param name="Origin">The only origin whose messages come from it.</param>
/// <param name="Next">Where the page goes with the frame's word: that is added as <c>tmp_code</c>, or as <c>code</c> where the frame gives
/// a code of sign-in itself.</param>
/// <param name="Script">How the frame speaks: a word that the page's script knows.</param>
internal sealed record SignInFrame(Uri Address, string Origin, Uri Next, string Script);

/// <summary>What the page's script asks the platform's own client. The code goes to the callback as <c>client_code</c>.</summary>
/// <param name="Library">The client's script.</param>
/// <param name="Call">A word that the page's script knows.</param>
/// <param name="App">The app that the code is for.</param>
/// <param name="Company">The company that it is for; null: the call needs none.</param>
internal sealed record SignInClient(Uri Library, string Call, string App, string? Company);

/// <summary>A question whether an address to come back to is registered.</summary>
/// <param name="Address">The page that is asked for, as a browser would.</param>
/// <param name="Refusal">What of the page says that it is not.</param>
internal sealed record SignInProbe(Uri Address, IReadOnlyList<string> Refusal);
