# Offers the runs of the journal that can be resumed. Called with the arguments of an argument completer.

$word, $bound = $args[2, 4]
$where = @{}
if ($bound['JournalPath']) { $where.JournalPath = $bound['JournalPath'] }
(Get-PassthruRemediation -RunId "$word*" @where -ErrorAction Ignore | Where-Object CanResume).RunId
