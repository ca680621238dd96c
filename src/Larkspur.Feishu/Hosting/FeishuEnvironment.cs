using System.Diagnostics.CodeAnalysis;

namespace Larkspur.Feishu;

/// <summary>Reads an app's options from environment variables, for programs without a configuration of their own.</summary>
/// <remarks>
/// <c>FEISHU_APP_ID</c> and <c>FEISHU_APP_SECRET</c>; <c>FEISHU_ENCRYPT_KEY</c> and <c>FEISHU_VERIFICATION_TOKEN</c> of an app that
/// receives over HTTP; <c>FEISHU_BASE_URL</c> and <c>FEISHU_ACCOUNTS_URL</c> for another address than the platform's; <c>FEISHU_BRAND</c>,
/// <c>Feishu</c> or <c>Lark</c>. An empty variable counts as none.
/// </remarks>
public static class FeishuEnvironment
{
    extension(FeishuOptions options)
    {
        /// <summary>Takes over what the environment sets and leaves the rest: <c>AddFeishu(app => app.ReadEnvironment())</c>.</summary>
        /// <exception cref="FormatException">A variable holds no such value; the sentence says which.</exception>
        public void ReadEnvironment()
        {
            ArgumentNullException.ThrowIfNull(options);
            if (Read(options) is [var wrong, ..]) throw new FormatException($"The environment must hold {wrong}.");
        }

        /// <summary>An app as the environment describes it.</summary>
        /// <param name="app">The app.</param>
        /// <param name="missing">What is missing, to be put into a sentence: <c>FEISHU_APP_ID and FEISHU_APP_SECRET</c>. Empty: nothing
        /// is.</param>
        /// <param name="receivesOverHttp">True: a key by which its deliveries are verified is needed too.</param>
        /// <returns>False: something is missing, or no such value.</returns>
        public static bool TryFromEnvironment([NotNullWhen(true)] out FeishuOptions? app, out string missing, bool receivesOverHttp = false)
        {
            var read = new FeishuOptions();
            List<string> wrong = Read(read);
            if (receivesOverHttp && read.EncryptKey is null && read.VerificationToken is null) wrong.Insert(0, "FEISHU_ENCRYPT_KEY");
            if (read.AppSecret.Length == 0) wrong.Insert(0, "FEISHU_APP_SECRET");
            if (read.AppId.Length == 0) wrong.Insert(0, "FEISHU_APP_ID");
            missing = wrong is [.. { Count: > 0 } first, var last] ? $"{string.Join(", ", first)} and {last}" : string.Concat(wrong);
            app = wrong.Count == 0 ? read : null;
            return app is not null;
        }
    }

    /// <returns>What holds no such value.</returns>
    private static List<string> Read(FeishuOptions options)
    {
        var wrong = new List<string>();
        options.AppId = Text("FEISHU_APP_ID") ?? options.AppId;
        options.AppSecret = Text("FEISHU_APP_SECRET") ?? options.AppSecret;
        options.EncryptKey = Text("FEISHU_ENCRYPT_KEY") ?? options.EncryptKey;
        options.VerificationToken = Text("FEISHU_VERIFICATION_TOKEN") ?? options.VerificationToken;
        options.BaseUrl = Address("FEISHU_BASE_URL", wrong) ?? options.BaseUrl;
        options.AccountsUrl = Address("FEISHU_ACCOUNTS_URL", wrong) ?? options.AccountsUrl;
        if (Text("FEISHU_BRAND") is not { } text) return wrong;
        if (Enum.TryParse(text, ignoreCase: true, out FeishuBrand brand) && Enum.IsDefined(brand)) options.Brand = brand;
        else wrong.Add("Feishu or Lark in FEISHU_BRAND");
        return wrong;
    }

    private static string? Text(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;

    private static Uri? Address(string name, List<string> wrong)
    {
        if (Text(name) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https") return address;
        wrong.Add($"an http or https address in {name}");
        return null;
    }
}
