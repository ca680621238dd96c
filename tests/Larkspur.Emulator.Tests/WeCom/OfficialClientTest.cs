using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>The platform's own packages, which this project did not write, against the emulated platform.</summary>
public abstract class OfficialClientTest : WeComTest
{
    protected Task RunAsync(string script) => ToolProcess.NodeSucceedsAsync(script, new Dictionary<string, string>
    {
        ["EMULATOR_URL"] = Emulator.BaseUrl.ToString().TrimEnd('/'), ["WECOM_CORP_ID"] = Corp.CorpId, ["WECOM_TOKEN"] = Corp.Token,
        ["WECOM_ENCODING_AES_KEY"] = Corp.EncodingAesKey, ["WECOM_AIBOT_ID"] = Corp.AiBotId, ["WECOM_AIBOT_SECRET"] = Corp.AiBotSecret,
    });
}
