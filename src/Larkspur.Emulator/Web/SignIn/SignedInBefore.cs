namespace Larkspur.Emulator.Web.SignIn;

/// <summary>Who signed in last on a platform in this browser: the platform's client asks them nothing.</summary>
/// <param name="cookie">By <see cref="Person.UserId"/>.</param>
/// <param name="path">Of the pages that read it.</param>
internal sealed class SignedInBefore(string cookie, string path)
{
    public Person? Of(HttpRequest request, EmulatorState state) =>
        request.Cookies[cookie] is { Length: > 0 } kept ? state.Person(kept) : null;

    public ApiAnswer Keep(ApiAnswer answer, HttpRequest request, Person person)
    {
        var text = $"{cookie}={Uri.EscapeDataString(person.UserId)}; Path={request.PathBase}{path}; HttpOnly; SameSite=Lax";
        return answer with { Headers = new Dictionary<string, string>(answer.Headers) { ["Set-Cookie"] = text } };
    }
}
