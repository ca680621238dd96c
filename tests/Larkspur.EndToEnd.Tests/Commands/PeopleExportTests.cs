using System.Text;
using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur people export</c> as a process: what people typed into a directory is neither a formula nor a line of a file.</summary>
public sealed class PeopleExportTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-export-").FullName;
    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString(), new Dictionary<string, string?>
        {
            ["FEISHU_APP_ID"] = EmulatorApp.DefaultApp.AppId, ["FEISHU_APP_SECRET"] = EmulatorApp.DefaultApp.AppSecret,
            ["FEISHU_ENCRYPT_KEY"] = EmulatorApp.DefaultApp.EncryptKey,
            ["FEISHU_VERIFICATION_TOKEN"] = EmulatorApp.DefaultApp.VerificationToken,
        });
        await _emulator.ControlAsync(HttpMethod.Post, "people", new
        {
            user_id = "dave", name = "=HYPERLINK(\"http://x\",\"y\")", en_name = ":colon first", employee_no = "-7", job_title = "＝1+1",
            mobile = "+8613800000009", city = "ends in a space ", email = "dave@mica.example", departments = (string[])["finance"],
        });
        var (code, output) = await RunAsync("directory", "sync", "--platform", "feishu");
        Assert.True(code == 0, output);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_cell_of_CSV_is_never_a_formula()
    {
        var (code, output) = await RunAsync("people", "export");
        Assert.Equal(0, code);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("id,state,name,en_name,employee_no,", lines[0], StringComparison.Ordinal);
        var dave = Assert.Single(lines, l => l.Contains("dave@mica.example", StringComparison.Ordinal));
        // A telephone number is no formula.
        Assert.Contains(""",active,"'=HYPERLINK(""http://x"",""y"")",:colon first,'-7,'＝1+1,""", dave, StringComparison.Ordinal);
        Assert.Contains(",+8613800000009,", dave, StringComparison.Ordinal);
        Assert.Equal(5, lines.Length);
    }

    [Fact]
    public async Task LDIF_writes_what_is_unsafe_as_base64()
    {
        var (code, output) = await RunAsync("people", "export", "--format", "ldif", "--base", "ou=人员,dc=mica,dc=example");
        Assert.Equal(0, code);
        var entries = output.Trim().Split("\n\n");
        Assert.Equal("version: 1", entries[0]);
        Assert.Equal(5, entries.Length);
        Assert.All(entries.Skip(1), e => Assert.StartsWith("dn:: ", e, StringComparison.Ordinal));
        var dave = Assert.Single(entries, e => e.Contains("dave@mica.example", StringComparison.Ordinal)).Split('\n');
        Assert.Contains("objectClass: inetOrgPerson", dave);
        Assert.Contains("mail: dave@mica.example", dave);
        Assert.Contains("cn: =HYPERLINK(\"http://x\",\"y\")", dave);
        Assert.Contains("mobile: +8613800000009", dave);
        Assert.Contains("displayName:: " + Base64(":colon first"), dave);
        Assert.Contains("title:: " + Base64("＝1+1"), dave);
        Assert.Contains("l:: " + Base64("ends in a space "), dave);
        Assert.All(dave, line => Assert.All(line, c => Assert.InRange(c, ' ', '~')));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        ToolProcess.AnyAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "larkspur.dll"), .. arguments],
            new Dictionary<string, string>
            {
                ["LARKSPUR_GATEWAY_URLS"] = _gateway.Address.ToString(), ["LARKSPUR_API_KEY"] = GatewayApp.ApiKey,
            }, _folder);
}
