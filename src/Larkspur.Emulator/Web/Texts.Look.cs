namespace Larkspur.Emulator.Web;

/// <summary>Light and dark.</summary>
public sealed partial class Texts
{
    public string ThemeName => _zh ? "外观" : "Theme";

    public string ThemeOf(string theme) => theme switch
    {
        Theme.Light => _zh ? "浅色" : "Light",
        Theme.Dark => _zh ? "深色" : "Dark",
        _ => _zh ? "跟随系统" : "System",
    };
}
