namespace Larkspur.Gateway.Common;

/// <summary>Platforms by the word under which rows, settings and REST know them.</summary>
internal static class PlatformNames
{
    public const string Feishu = "feishu";
}
