namespace Larkspur.Gateway.People.SignIn.Methods;

/// <summary>A room that sends people to a method's page for something else than to sign in, and takes them back at the method's callback:
/// so an app needs one registered address alone.</summary>
internal interface ISignInErrand
{
    /// <summary>As an attempt names it, <c>name:subject</c>; a snake_case word.</summary>
    string Name { get; }

    /// <summary>The browser came back; the state has been compared and is used up. Nobody is signed in by it.</summary>
    /// <param name="http">The request that came back.</param>
    /// <param name="subject">What the attempt was begun for.</param>
    /// <param name="back">What came back.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Where the person goes: a place of the gateway.</returns>
    /// <exception cref="SignInRefusedException">It came to nothing.</exception>
    Task<string> FinishAsync(HttpContext http, string subject, SignInReturn back, CancellationToken cancellation);
}
