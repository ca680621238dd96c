using System.Net;
using Larkspur.Gateway.Tests.Console;

namespace Larkspur.Security.Tests;

/// <summary>Whoever finds the port of a gateway without an account, or gets its shipped log, does not become its administrator.</summary>
public sealed class SetupCodeTests
{
    private static readonly Dictionary<string, string?> NoAccount = new() { ["LARKSPUR_ADMIN_PASSWORD"] = "" };

    [Fact]
    public async Task The_code_is_in_a_file_that_its_owner_alone_reads_and_not_in_the_log()
    {
        await using var stand = await ConsoleStand.StartAsync(NoAccount);
        var code = CodeOf(stand);
        Assert.Matches("^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$", code);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FileOf(stand)));
        var log = stand.Gateway.Logs.Text;
        Assert.Contains(FileOf(stand), log, StringComparison.Ordinal);
        Assert.DoesNotContain(code, log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(code.Replace("-", "", StringComparison.Ordinal), log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(code, await ConsoleStand.TextAsync(stand.Browser(), "/console/setup"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        await using var stand = await ConsoleStand.StartAsync(NoAccount);
        var code = CodeOf(stand);
        var (first, second) = (stand.Browser(), stand.Browser());
        var ways = await Task.WhenAll(SetUpAsync(first, code, "anna"), SetUpAsync(second, code, "mallory"));
        Assert.Single(ways, "/console/welcome");
        Assert.Single(await stand.Accounts.ListAsync(TestContext.Current.CancellationToken));
        Assert.Equal("/console/login", await SetUpAsync(stand.Browser(), code, "mallory"));
        Assert.Single(await stand.Accounts.ListAsync(TestContext.Current.CancellationToken));
        Assert.False(File.Exists(FileOf(stand)));
    }

    [Fact]
    public async Task A_code_is_good_for_ten_minutes_and_the_page_makes_another()
    {
        await using var stand = await ConsoleStand.StartAsync(NoAccount);
        var old = CodeOf(stand);
        stand.Clock.Shift(TimeSpan.FromMinutes(9));
        await ConsoleStand.TextAsync(stand.Browser(), "/console/setup");
        Assert.Equal(old, CodeOf(stand));
        stand.Clock.Shift(TimeSpan.FromMinutes(1));
        var browser = stand.Browser();
        Assert.Contains("problem=wrong_code", await SetUpAsync(browser, old, "mallory"), StringComparison.Ordinal);
        await ConsoleStand.TextAsync(browser, "/console/setup");
        var renewed = CodeOf(stand);
        Assert.NotEqual(old, renewed);
        Assert.Contains("problem=wrong_code", await SetUpAsync(browser, old, "mallory"), StringComparison.Ordinal);
        Assert.Equal("/console/welcome", await SetUpAsync(browser, renewed, "anna"));
        Assert.DoesNotContain(renewed, stand.Gateway.Logs.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_file_of_before_that_others_may_read_is_not_written_into()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var stand = await ConsoleStand.StartAsync(NoAccount);
        File.SetUnixFileMode(FileOf(stand), (UnixFileMode)0b110_100_100);
        stand.Clock.Shift(TimeSpan.FromMinutes(11));
        Assert.Equal(HttpStatusCode.OK, await ConsoleStand.StatusAsync(stand.Browser(), "/console/setup"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FileOf(stand)));
    }

    private static string FileOf(ConsoleStand stand) => Path.Combine(stand.Gateway.DataFolder, "setup-code");

    private static string CodeOf(ConsoleStand stand) => File.ReadAllText(FileOf(stand)).Trim();

    private static async Task<string> SetUpAsync(ConsoleBrowser browser, string code, string name)
    {
        using var response = await browser.SubmitAsync("/console/login", "/console/forms/setup", ("code", code), ("name", name),
            ("password", ConsoleBrowser.Password));
        return response.Headers.Location!.ToString();
    }
}
