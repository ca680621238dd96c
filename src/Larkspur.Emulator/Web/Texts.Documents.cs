namespace Larkspur.Emulator.Web;

/// <summary>Documents.</summary>
public sealed partial class Texts
{
    public string DocumentForbidden => _zh ? "你没有权限访问此文档" : "You may not open this document";
    public string DocumentMissing => _zh ? "文档不存在或已删除" : "The document does not exist, or was deleted";
    public string DocumentUnplayed => _zh ? "模拟器只显示文档" : "The emulator shows documents only";
    public string DocumentOwner(string name) => _zh ? $"所有者：{name}" : $"Owned by {name}";
    public string DocumentOpenAs(string name) => _zh ? $"以 {name} 的身份查看" : $"Seen as {name}";
    public string DocumentUntitled => _zh ? "未命名文档" : "Untitled document";
}
