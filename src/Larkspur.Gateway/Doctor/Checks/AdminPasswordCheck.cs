using System.Collections.Frozen;
using Larkspur.Gateway.Cards;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The first console account's password is none that everybody tries first.</summary>
internal sealed class AdminPasswordCheck(IConfiguration configuration) : IDoctorCheck
{
    private const string Variable = "LARKSPUR_ADMIN_PASSWORD";
    private const int Least = 12;

    private static readonly FrozenSet<string> Usual = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "admin", "administrator", "password", "passw0rd", "p@ssw0rd", "larkspur", "larkspur123", "admin123", "admin1234", "admin123456", "123456", "12345678", "123456789", "1234567890",
        "changeme", "changeit", "change-me", "secret", "letmein", "welcome", "welcome1", "qwerty", "qwerty123", "feishu", "feishu123", "root", "test", "demo", "password123", "password1234");

    public string Id => "admin_password";

    public LocalText Title => new("管理员密码", "Administrator's password");

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(configuration[Variable]));

    private static CheckResult Judge(string? password)
    {
        var fix = new LocalText($"换成至少 {Least} 个字符的随机密码，例如 openssl rand -base64 18", $"Set a random one of {Least} characters or more, like openssl rand -base64 18");
        if (string.IsNullOrEmpty(password)) return CheckResult.Ok($"没有通过 {Variable} 设置密码", $"{Variable} sets none");
        if (Usual.Contains(password) || password.Distinct().Count() < 4) return CheckResult.Failed(new($"{Variable} 是常见的弱密码", $"{Variable} is one of the passwords that everybody tries first"), fix);
        if (password.Length < Least) return CheckResult.Warning(new($"{Variable} 只有 {password.Length} 个字符", $"{Variable} has {password.Length} characters only"), fix);
        return CheckResult.Ok($"{Variable} 足够长", $"{Variable} is long enough");
    }
}
