using System.Text;

namespace Larkspur.Emulator.Web.CardPreview;

/// <summary>Cards to begin with.</summary>
internal static class CardSamples
{
    public static readonly IReadOnlyList<(string Name, string En, string Zh)> All =
    [
        ("notice", "Notice", "通知"), ("approval", "Approval with buttons", "带按钮的审批"), ("form", "Form", "表单"), ("report", "Report: table and chart", "报表：表格与图表"),
        ("streaming", "Streaming answer", "流式回答"), ("first-schema", "JSON 1.0", "JSON 1.0"), ("template", "Builder template", "搭建工具模板"),
    ];

    /// <returns><see langword="null"/> when there is no such sample.</returns>
    public static string? Read(string name)
    {
        if (!All.Any(s => s.Name == name)) return null;
        using var stream = typeof(CardSamples).Assembly.GetManifestResourceStream($"samples/{name}.json")
            ?? throw new InvalidOperationException($"The sample {name} is not embedded in this build.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
