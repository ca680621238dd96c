namespace Larkspur.Gateway.Platforms.Web;

/// <summary>Names that more than one place of the web chat uses.</summary>
internal static class WebChat
{
    /// <summary>The platform, and the name of its one app.</summary>
    public const string Platform = "web";

    public const string App = "web";

    /// <summary>Type of the event that somebody wrote something.</summary>
    public const string MessageEvent = "message";

    /// <summary>Type of the event that somebody clicked a button of an answer.</summary>
    public const string ActionEvent = "action";

    /// <summary>Where the page is.</summary>
    public const string Page = "/chat";

    /// <summary>Where people begin who sign in with an account of the company.</summary>
    public const string SignIn = Page + "/sign-in";

    /// <summary>Where its API is.</summary>
    public const string Api = Gateway.Api.ApiPaths.WebChat;
}
