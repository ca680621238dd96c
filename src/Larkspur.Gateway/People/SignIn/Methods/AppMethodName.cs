using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.People.SignIn.Methods;

/// <summary>How the method of a platform's app is called in the address: the platform, and behind a dash the app where it is another than
/// <c>default</c>. Each app has a callback of its own, so that the answer of one is never taken for another's.</summary>
internal static class AppMethodName
{
    public static string Of(string platform, string app) => app == AppNames.Default ? platform
        : $"{platform}-{string.Concat(app.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'))}";
}
